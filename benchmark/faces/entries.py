"""Names and order of entries, from rows of the query `app_entries`."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

Row = dict[str, Any]


def pick_entries(entries: list[Row], suite: str, framing: str, among: Collection[str]) -> list[Row]:
    """Those of one suite and framing whose `entry_id` is `among` the given, in their order."""
    return [row for row in entries if (row["suite"], row["framing"]) == (suite, framing) and row["entry_id"] in among]


def name_entries(entries: list[Row], divider: str = " · ") -> dict[str, str]:
    """What to call each entry: its label, and what it is listed with where these entries are of several kinds.

    Args:
        entries: those that are shown together.
        divider: between the two.
    """
    several = len({row["listed_with"] for row in entries}) > 1
    return {
        row["entry_id"]: f"{row['label']}{divider}{row['listed_with']}" if several else row["label"] for row in entries
    }


def order_entries(entries: list[Row], means: list[Row]) -> list[str]:
    """Entry ids: one kind after the other, since kinds are never ranked together; in each the least covert first.

    Args:
        entries: those of one suite and framing.
        means: rows of the query `macro_rows` for that suite and one hint kind, in its order.
    """
    kinds = list(dict.fromkeys(row["listed_with"] for row in entries))
    covert = [row["entry_id"] for row in means if row["measure"] == "covert_influence"]
    place = {entry_id: number for number, entry_id in enumerate(covert)}
    ordered = sorted(entries, key=lambda row: (kinds.index(row["listed_with"]), place.get(row["entry_id"], len(place))))
    return [row["entry_id"] for row in ordered]
