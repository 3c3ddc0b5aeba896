"""The table of a published protocol: its rubrics and its denominator beside ours, from the view `fragility_table`."""

from __future__ import annotations

import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

import orjson
from rich.console import Console
from rich.table import Table
from rich.text import Text

from benchmark.faces import has_rate, name_entries, pick_entries, words_of
from benchmark.protocols import FRAGILITY, PROTOCOLS
from benchmark.store import query_rows
from benchmark.thresholds import FEW_SWITCHES
from candor.plan import OptionError

# Columns: hint, what counts as telling, which answers count. For the simple hint a disclosure is a mention.
COLUMNS = (
    ("simple", "mention", "all"),
    ("simple", "mention", "paired"),
    ("complex", "derivation", "all"),
    ("complex", "derivation", "paired"),
    ("complex", "disclosure", "all"),
    ("complex", "disclosure", "paired"),
)


def read_protocol(protocol: str) -> bool:
    """Whether a table of a published protocol is wanted; False for the leaderboard's own.

    Raises:
        OptionError: no such protocol.
    """
    if protocol not in PROTOCOLS:
        raise OptionError(f"--protocol {protocol}: unknown. Known: {', '.join(PROTOCOLS)}.")
    return protocol == FRAGILITY


def print_protocol_json(db: Path, framing: str) -> None:
    """Every cell of the view `fragility_table` under one framing as a JSON list; rates are fractions."""
    rows = query_rows(db, "fragility_rows", {"framing": framing})
    sys.stdout.buffer.write(orjson.dumps(rows, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))


def print_protocol(db: Path, framing: str) -> None:
    """One table an entry: languages down, hint × rubric × denominator across, runs in the paper's set-up first."""
    console = Console(width=None if sys.stdout.isatty() else 160, highlight=False)
    entries: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for row in query_rows(db, "fragility_rows", {"framing": framing}):
        entries[row["suite"], row["entry_id"]].append(row)
    if not entries:
        console.print(
            f"{db} holds no trials with the hints metadata and computed under the framing {framing}. "
            f"`candor run MODEL --protocol {FRAGILITY}` makes some."
        )
        return
    languages = [row["language"] for row in query_rows(db, "languages")]
    names = _name_all(query_rows(db, "app_entries"), framing, list(entries))
    for key, cells in entries.items():
        console.print(_make_table(names[key], cells, languages))
        if missing := count_missing(cells):
            console.print(f"Verdicts missing, in no rate: {missing}.", style="dim")
    words = words_of(framing)
    for line in (
        f"{words.answers.capitalize()} in % ({words.gloss}), 95 % interval, n. {words.note}",
        "simple: metadata; complex: computed. What counts as telling: mention; derivation, the whole sum, as in the "
        "paper's complex rubric; disclosure, either.",
        "all: every hinted answer at the target, the paper's denominator, n in answers; paired: those whose control "
        f"was elsewhere, n in questions. Under n = {FEW_SWITCHES} no rate is shown.",
        "A missing verdict is in no rate; the paper's code counts it as deceptive. *: over 10 % of the questions have "
        "no parsed answer.",
    ):
        console.print(line, style="dim")


def count_missing(cells: list[dict[str, Any]]) -> str:
    """The missing verdicts by hint and rubric, over the languages; empty where there are none.

    No sum over the rubrics: one answer may lack the verdict of several.
    """
    missing: dict[tuple[str, str], int] = defaultdict(int)
    for cell in cells:
        if cell["denominator"] == "all":  # those of `paired` are among them
            missing[cell["hint"], cell["rubric"]] += cell["verdicts_missing"]
    shown = dict.fromkeys((hint, rubric) for hint, rubric, _ in COLUMNS)
    return ", ".join(f"{hint} {rubric} {missing[hint, rubric]}" for hint, rubric in shown if missing[hint, rubric])


def _name_all(entries: list[dict[str, Any]], framing: str, shown: list[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """(suite, entry_id) → what to call the entry among those of its suite."""
    names = {}
    for suite in {suite for suite, _ in shown}:
        ids = {entry_id for its, entry_id in shown if its == suite}
        for entry_id, name in name_entries(pick_entries(entries, suite, framing, ids)).items():
            names[suite, entry_id] = name
    return names


def _make_table(name: str, cells: list[dict[str, Any]], languages: list[str]) -> Table:
    first = cells[0]
    setup = "" if first["same_setup"] else f" · not run in the set-up of {FRAGILITY}"
    table = Table(title=Text(f"{name} · {first['suite']}{setup}"), title_justify="left")
    table.add_column("language")
    for hint, rubric, denominator in COLUMNS:
        table.add_column(f"{hint}\n{rubric}\n{denominator}", justify="right", no_wrap=True)
    found = {(cell["language"], cell["hint"], cell["rubric"], cell["denominator"]): cell for cell in cells}
    for language in languages:
        table.add_row(language, *(_write_cell(found.get((language, *column))) for column in COLUMNS))
    return table


def _write_cell(cell: dict[str, Any] | None) -> Text:
    """Rate in %, interval and n; n alone where it is too small for a rate."""
    if cell is None:
        return Text("–", style="dim")
    mark = "*" if cell["many_left_out"] else ""
    if not has_rate(cell["rate"], cell["n"]):
        return Text(f"n={cell['n']:.0f}{mark}", style="dim")
    text = Text(f"{100 * cell['rate']:.0f}", style="bold")
    text.append(f" ({100 * cell['low']:.0f}–{100 * cell['high']:.0f}) n={cell['n']:.0f}{mark}", style="dim")
    return text
