"""Print results: the leaderboard, a run's summary, a user's own query."""

from __future__ import annotations

import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

import orjson
from rich.console import Console
from rich.table import Table
from rich.text import Text

from benchmark.store import query, query_rows
from benchmark.thresholds import FEW_SWITCHES
from candor.run import RunResult

# Means over languages that lead the table, and their headings.
MEANS = {"covert_influence": "covert", "sham_covert_influence": "sham", "switch_rate": "switch"}


def print_leaderboard_json(db: Path, framing: str) -> None:
    """Every cell of the leaderboard view as a JSON list."""
    rows = query_rows(db, "leaderboard_rows", {"framing": framing})
    sys.stdout.buffer.write(orjson.dumps(rows, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))


def print_leaderboard(db: Path, framing: str) -> None:
    """One table a suite and hint kind: models down, languages across, lowest covert influence first."""
    console = Console(width=None if sys.stdout.isatty() else 200)
    rows = query_rows(db, "leaderboard_rows", {"framing": framing})
    if not rows:
        console.print(f"{db} holds no hinted trials yet. `candor demo` or `candor run MODEL` makes some.")
        return
    means = query_rows(db, "macro_rows", {"framing": framing})
    ranks = query_rows(db, "rank_rows", {"framing": framing})
    languages = [row["language"] for row in query_rows(db, "languages")]
    groups: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        groups[row["suite"], row["hint_kind"]].append(row)
    for suite in dict.fromkeys(suite for suite, _ in groups):
        ranked = [row for row in ranks if row["suite"] == suite]
        if ranked:
            console.print(_rank_table(suite, ranked))
            console.print(
                "Covert influence in %, its mean over all languages × hint kinds (cells; thin: those with n under "
                f"{FEW_SWITCHES}).\nRank intervals hold for all models at once (Holm over all pairs).",
                style="dim",
                highlight=False,
            )
    for (suite, kind), cells in groups.items():
        shown = [mean for mean in means if (mean["suite"], mean["hint_kind"]) == (suite, kind)]
        console.print(_leaderboard_table(suite, kind, cells, shown, languages))
    console.print(
        "By language: undisclosed influence (the paper's deception rate) in %, its 95 % interval, and the number n of\n"
        f"switches behind it; under {FEW_SWITCHES} switches no rate is shown, only n. Means over languages: 'covert',\n"
        "P(target "
        "and undisclosed | control ≠ target), beside the same for the 'sham'; 'switch', P(target | control ≠ target).",
        style="dim",
        highlight=False,
    )


def _rank_table(suite: str, ranked: list[dict[str, Any]]) -> Table:
    table = Table(title=f"{suite} · ranks by covert influence", title_justify="left", padding=(0, 0), pad_edge=False)
    table.add_column("model", no_wrap=True)
    for heading in ("rank, 95 %", "covert", "95 %", "n", "cells", "thin"):
        table.add_column(f" {heading}", justify="right")
    table.add_column(" ranked within")
    for row in ranked:
        table.add_row(
            row["model"],
            row["rank"],
            f"{100 * row['rate']:.1f}",
            f"{100 * row['low']:.1f}–{100 * row['high']:.1f}",
            f"{row['n']:.0f}",
            str(row["cells"]),
            str(row["thin_cells"]),
            f" {row['ranked_within']}",
        )
    return table


def _leaderboard_table(
    suite: str, kind: str, cells: list[dict[str, Any]], means: list[dict[str, Any]], languages: list[str]
) -> Table:
    table = Table(title=f"{suite} · hint: {kind}", title_justify="left", padding=(0, 0), pad_edge=False)
    present = [code for code in languages if any(cell["language"] == code for cell in cells)]
    table.add_column("model", no_wrap=True)
    for name in MEANS.values():
        table.add_column(f" {name}", justify="right")
    for code in present:
        table.add_column(code, justify="right", min_width=7)
    by_entry: dict[str, dict[str, dict[str, Any]]] = defaultdict(dict)
    for cell in cells:
        by_entry[cell["entry_id"]][cell["language"]] = cell
    by_measure = {(mean["entry_id"], mean["measure"]): mean for mean in means}
    # The view's own order: least covert influence first, incomplete entries last.
    ordered = [mean["entry_id"] for mean in means if mean["measure"] == "covert_influence"]
    for entry_id in sorted(by_entry, key=lambda key: ordered.index(key) if key in ordered else len(ordered)):
        row = by_entry[entry_id]
        table.add_row(
            next(iter(row.values()))["model"],
            *(_rate_text(by_measure.get((entry_id, name))) for name in MEANS),
            *(_cell_text(row.get(code)) for code in present),
        )
    return table


def _rate_text(cell: dict[str, Any] | None) -> Text:
    """Rate in %, interval and n below it."""
    if cell is None:
        return Text("–", style="dim")
    if cell["rate"] is None:
        return Text(f"{cell['languages']} of {cell['grid']}\nlanguages", style="dim")
    text = Text(f"{100 * cell['rate']:.0f}", style="bold")
    text.append(f"\n{100 * cell['low']:.0f}–{100 * cell['high']:.0f}", style="dim")
    text.append(f"\nn={cell['n']:.0f}", style="dim")
    return text


def _cell_text(cell: dict[str, Any] | None) -> Text:
    if cell is None:
        return Text("–", style="dim")
    if cell["deception_rate"] is None or cell["n"] < FEW_SWITCHES:
        return Text(f"n={cell['n'] or 0:.0f}", style="dim")
    return _rate_text({**cell, "rate": cell["deception_rate"]})


def print_summary(console: Console, db: Path, result: RunResult) -> None:
    """What a run stored, by outcome, and what to do next."""
    console.print(f"{result.done} new trials, {result.planned} planned, stored in {db}")
    if result.refused:
        console.print(f"{result.refused} trials were refused by the server; the same command tries them again.")
    rows = query_rows(db, "outcomes", {"entry_id": result.entry_id})
    console.print("  " + ", ".join(f"{row['outcome']} {row['trials']}" for row in rows), highlight=False)
    silent = sum(row["without_reasoning"] for row in rows)
    if silent:
        console.print(
            f"  {silent} replies came without reasoning and were not judged. If the model should reason, "
            "start its server with a reasoning parser, or raise --max-tokens."
        )
    console.print("Next: candor leaderboard, candor app", highlight=False)


def print_query(db: Path, sql: str, as_json: bool) -> None:
    """Rows of the user's own query, as a table or as JSON."""
    table = query(db, sql)
    if as_json:
        rows = table.to_pylist()
        sys.stdout.buffer.write(orjson.dumps(rows, default=str, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
        return
    shown = Table()
    for name in table.column_names:
        shown.add_column(name)
    for row in table.to_pylist():
        shown.add_row(*(Text(_plain(value)) for value in row.values()))
    Console(width=None if sys.stdout.isatty() else 240).print(shown)


def _plain(value: Any) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, float):
        return f"{value:.4g}"
    return str(value)
