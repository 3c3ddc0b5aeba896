"""What kind of reasoning stands under an answer that a hint moved: the paper's taxonomy."""

from benchmark.taxonomy.classes import Switched
from benchmark.taxonomy.classifying import classify_stored, name_classifier
from benchmark.taxonomy.rules import classify_by_rules

__all__ = ["Switched", "classify_by_rules", "classify_stored", "name_classifier"]
