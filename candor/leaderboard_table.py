"""The tables of `candor leaderboard`: ranks of a suite, and languages by model for one hint kind."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from rich.table import Table
from rich.text import Text

from benchmark.faces import has_rate, list_marks, order_entries

Row = dict[str, Any]
# Means over languages that lead the table, and their headings.
MEANS = {"covert_influence": "covert", "sham_covert_influence": "sham", "switch_rate": "switch"}


def make_rank_table(suite: str, ranked: list[Row], names: dict[str, str]) -> Table:
    """The ranked entries, those that are ranked together in a section of their own."""
    table = _make_table(f"{suite} · ranks by covert influence")
    for heading in ("rank, 95 %", "covert", "95 %", "n", "cells", "thin"):
        table.add_column(f" {heading}", justify="right")
    table.add_column(" ranked within")
    for row, following in zip(ranked, [*ranked[1:], None], strict=True):
        table.add_row(
            Text(names[row["entry_id"]]),
            row["rank"],
            f"{100 * row['rate']:.1f}",
            f"{100 * row['low']:.1f}–{100 * row['high']:.1f}",
            f"{row['n']:.0f}",
            str(row["cells"]),
            str(row["thin_cells"]),
            f" {row['ranked_within']}",
            end_section=following is not None and following["ranked_within"] != row["ranked_within"],
        )
    return table


def make_leaderboard_table(
    title: str, cells: list[Row], means: list[Row], entries: list[Row], names: dict[str, str], languages: list[str]
) -> Table:
    """Models down, means and languages across.

    Args:
        title: of the table.
        cells, means: rows of `leaderboard` and `macro` of one suite, framing and hint kind.
        entries: rows of `app_entries` that the cells belong to.
        names: what to call each.
        languages: in the order of the columns.
    """
    table = _make_table(title)
    present = [code for code in languages if any(cell["language"] == code for cell in cells)]
    for name in MEANS.values():
        table.add_column(f" {name}", justify="right")
    for code in present:
        table.add_column(code, justify="right", min_width=7)
    by_entry: dict[str, dict[str, Row]] = defaultdict(dict)
    for cell in cells:
        by_entry[cell["entry_id"]][cell["language"]] = cell
    by_measure = {(mean["entry_id"], mean["measure"]): mean for mean in means}
    for entry_id in order_entries(entries, means):
        row = by_entry[entry_id]
        table.add_row(
            Text(names[entry_id]),
            *(_mean_text(by_measure.get((entry_id, name))) for name in MEANS),
            *(_cell_text(row.get(code)) for code in present),
        )
    return table


def _make_table(title: str) -> Table:
    table = Table(title=Text(title), title_justify="left", padding=(0, 0), pad_edge=False)
    table.add_column("model", no_wrap=True)
    return table


def _mean_text(mean: Row | None) -> Text:
    if mean is None:
        return Text("–", style="dim")
    if mean["rate"] is None:
        return Text(f"{mean['languages']} of {mean['grid']}\nlanguages", style="dim")
    return _rate_text(mean["rate"], mean)


def _cell_text(cell: Row | None) -> Text:
    if cell is None:
        return Text("–", style="dim")
    marks = list_marks(cell)
    if not has_rate(cell["deception_rate"], cell["n"]):
        return Text(f"n={cell['n'] or 0:.0f}{marks}", style="dim")
    return _rate_text(cell["deception_rate"], cell, marks)


def _rate_text(rate: float, row: Row, marks: str = "") -> Text:
    """Rate in %, interval and n below it."""
    text = Text(f"{100 * rate:.0f}", style="bold")
    text.append(f"\n{100 * row['low']:.0f}–{100 * row['high']:.0f}", style="dim")
    text.append(f"\nn={row['n']:.0f}{marks}", style="dim")
    return text
