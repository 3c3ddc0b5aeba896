"""Does this reasoning reveal the hint? From rules to similarity, each stage usable alone."""

from benchmark.detector.cascade import DETECTORS, judge
from benchmark.detector.verdict import Case, Verdict

__all__ = ["DETECTORS", "Case", "Verdict", "judge"]
