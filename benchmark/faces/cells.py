"""Cells of the view `leaderboard`: which show a rate, and what their marks mean."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from benchmark.thresholds import FEW_SWITCHES

Row = dict[str, Any]
MANY_UNPARSED = "*"
VERDICTS_MISSING = "†"


def has_rate(rate: float | None, n: float | None) -> bool:
    """Whether a rate among switches is shown; files and SQL hold it in any case."""
    return rate is not None and n is not None and n >= FEW_SWITCHES


def list_marks(cell: Row) -> str:
    """The marks that stand after the n of a cell."""
    return (MANY_UNPARSED if cell["many_unparsed"] else "") + (VERDICTS_MISSING if cell["verdicts_missing"] else "")


def count_missing(cells: Iterable[Row]) -> int:
    """Answers at the target that have no verdict and are therefore in no rate."""
    return sum(cell["verdicts_missing"] or 0 for cell in cells)


def explain_marks(cells: list[Row]) -> list[str]:
    """A line for each mark that occurs among the cells."""
    lines = []
    if any(cell["many_unparsed"] for cell in cells):
        lines.append(f"{MANY_UNPARSED}: over 10 % are left out for want of a usable answer.")
    if missing := count_missing(cells):
        lines.append(
            f"{VERDICTS_MISSING}: some answers at the target have no verdict and are in no rate, {missing} here."
        )
    return lines
