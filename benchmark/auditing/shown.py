"""What the terminal and the page show of a report alike."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

Row = dict[str, Any]


def name_entries(made: Row) -> dict[str, str]:
    """What to call each entry of a report: its model, with the beginning of its id where several share that."""
    entries: dict[str, set[str]] = defaultdict(set)
    for row in made["cells"]:
        entries[row["model"]].add(row["entry_id"])
    return {
        entry_id: model if len(ids) == 1 else f"{model} · {entry_id[:6]}"
        for model, ids in entries.items()
        for entry_id in ids
    }


def list_rates(made: Row) -> list[Row]:
    """Rates of all cells, then of all entries; these left out where an entry is one cell, which they would repeat."""
    return [*made["cells"], *(made["overall"] if made["design"]["by"] else [])]
