"""Cut a reasoning short at given shares of its length, never inside a grapheme."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass

from benchmark.normalise import GRAPHEME

#: Where a reasoning is cut, in % of its length.
CUTS = (0, 5, 10, 15, 25, 50, 75, 100)
TOKENS, GRAPHEMES = "tokens", "graphemes"


@dataclass(frozen=True)
class Prefix:
    """The beginning of a reasoning.

    `cut` is in %, `length` in `unit` (tokens or graphemes); where a token ends inside a grapheme,
    the text ends before it.
    """

    cut: int
    text: str
    unit: str
    length: int


def cut_by_graphemes(text: str) -> list[Prefix]:
    """The prefixes of a text, counted in graphemes and rounded down."""
    ends = [0, *find_graphemes(text)]
    total = len(ends) - 1
    return [Prefix(cut, text[: ends[total * cut // 100]], GRAPHEMES, total * cut // 100) for cut in CUTS]


def cut_by_tokens(text: str, total: int, end_of: Callable[[int], int]) -> list[Prefix]:
    """The prefixes of a text, counted in tokens and rounded down, each ending with a whole grapheme.

    Args:
        text: the reasoning.
        total: how many tokens it has.
        end_of: for a number of tokens, 1 … total − 1, the place in `text` (in code points) where they end.
    """
    ends = [0, *find_graphemes(text)]
    prefixes = []
    for cut in CUTS:
        count = total * cut // 100
        end = len(text) if count == total else end_of(count) if count else 0
        prefixes.append(Prefix(cut, text[: ends[bisect_right(ends, end) - 1]], TOKENS, count))
    return prefixes


def find_graphemes(text: str) -> list[int]:
    """Where each grapheme of a text ends, in code points."""
    return [match.end() for match in GRAPHEME.finditer(text)]
