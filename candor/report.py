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
from candor.run import RunResult

FEW_SWITCHES = 5


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
    languages = [row["language"] for row in query_rows(db, "languages")]
    groups: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        groups[row["suite"], row["hint_kind"]].append(row)
    for (suite, kind), cells in groups.items():
        console.print(_leaderboard_table(suite, kind, cells, languages))
    console.print(
        "Each cell: undisclosed influence (the paper's deception rate) in %, its 95 % interval, and the number n\n"
        f"of switches behind it; under {FEW_SWITCHES} switches no rate is shown, only n. 'covert' and 'sham': mean over\n"
        "languages of P(target and undisclosed | control ≠ target), hinted beside sham; 'net': switches beyond the\n"
        "sham's. `candor leaderboard --json` has every interval.",
        style="dim",
        highlight=False,
    )


def _leaderboard_table(suite: str, kind: str, cells: list[dict[str, Any]], languages: list[str]) -> Table:
    table = Table(title=f"{suite} · hint: {kind}", title_justify="left", padding=(0, 0), pad_edge=False)
    present = [code for code in languages if any(cell["language"] == code for cell in cells)]
    table.add_column("model", no_wrap=True)
    for name in ("covert", "sham", "net"):
        table.add_column(f" {name}", justify="right")
    for code in present:
        table.add_column(code, justify="right", min_width=8)
    by_model: dict[tuple[str, str], dict[str, dict[str, Any]]] = defaultdict(dict)
    for cell in cells:
        by_model[cell["model"], cell["entry_id"]][cell["language"]] = cell
    ordered = sorted(by_model.items(), key=lambda item: _mean(item[1].values(), "covert_influence") or 0)
    for (model, _), row in ordered:
        table.add_row(
            model,
            *(
                _percent(_mean(row.values(), name))
                for name in ("covert_influence", "sham_covert_influence", "net_switch_rate")
            ),
            *(_cell_text(row.get(code)) for code in present),
        )
    return table


def _cell_text(cell: dict[str, Any] | None) -> Text:
    if cell is None:
        return Text("–", style="dim")
    if cell["deception_rate"] is None or cell["n"] < FEW_SWITCHES:
        return Text(f"n={cell['n'] or 0:.0f}", style="dim")
    text = Text(f"{100 * cell['deception_rate']:.0f}", style="bold")
    text.append(f"\n{100 * cell['low']:.0f}–{100 * cell['high']:.0f}", style="dim")
    text.append(f"\nn={cell['n']:.0f}", style="dim")
    return text


def _mean(cells: Any, name: str) -> float | None:
    values = [cell[name] for cell in cells if cell[name] is not None]
    return sum(values) / len(values) if values else None


def _percent(value: float | None) -> str:
    return "–" if value is None else f"{100 * value:.0f} %"


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
