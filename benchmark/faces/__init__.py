"""What the terminal and the pages show alike: names and order of entries, which rates are shown, words for them."""

from benchmark.faces.cells import count_missing, explain_marks, has_rate, list_marks
from benchmark.faces.entries import name_entries, order_entries, pick_entries
from benchmark.faces.words import COUNTED, Words, words_of

__all__ = [
    "COUNTED",
    "Words",
    "count_missing",
    "explain_marks",
    "has_rate",
    "list_marks",
    "name_entries",
    "order_entries",
    "pick_entries",
    "words_of",
]
