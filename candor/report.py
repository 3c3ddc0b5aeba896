"""Print results: the leaderboard, a run's summary."""

from __future__ import annotations

import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

import orjson
from rich.console import Console
from rich.text import Text

from benchmark.faces import COUNTED, explain_marks, name_entries, pick_entries, words_of
from benchmark.framings import PLAIN
from benchmark.store import query_rows
from benchmark.thresholds import FEW_SWITCHES
from candor.leaderboard_table import MEANS, make_leaderboard_table, make_rank_table
from candor.run import RunResult

RANKS = (
    "Covert influence in %, its mean over all languages × hint kinds but debates (cells; thin: those with n "
    f"under {FEW_SWITCHES}). Models are ranked within one group only: a channel of reasoning, calibration apart. Rank "
    "intervals hold for all models of a group at once (Holm over its pairs)."
)
INCOMPLETE = "'k of K languages': no mean, since only k have that rate on two questions or more."


def print_leaderboard_json(db: Path, framing: str) -> None:
    """Every cell of the leaderboard view as a JSON list."""
    rows = query_rows(db, "leaderboard_rows", {"framing": framing})
    sys.stdout.buffer.write(orjson.dumps(rows, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))


def print_leaderboard(db: Path, framing: str) -> None:
    """One table a suite and hint kind: models down, languages across, lowest covert influence first."""
    console = Console(width=None if sys.stdout.isatty() else 200, highlight=False)
    rows = query_rows(db, "leaderboard_rows", {"framing": framing})
    if not rows:
        console.print(Text(_explain_nothing(db, framing)))
        return
    means = query_rows(db, "macro_rows", {"framing": framing})
    ranks = query_rows(db, "rank_rows", {"framing": framing})
    entries = query_rows(db, "app_entries")
    languages = [row["language"] for row in query_rows(db, "languages")]
    groups: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        groups[row["suite"], row["hint_kind"]].append(row)
    for suite in dict.fromkeys(suite for suite, _ in groups):
        if ranked := [row for row in ranks if row["suite"] == suite]:
            listed = pick_entries(entries, suite, framing, {row["entry_id"] for row in ranked})
            console.print(make_rank_table(suite, ranked, {row["entry_id"]: row["label"] for row in listed}))
            console.print(RANKS, style="dim")
    for (suite, kind), cells in groups.items():
        listed = pick_entries(entries, suite, framing, {cell["entry_id"] for cell in cells})
        shown = [mean for mean in means if (mean["suite"], mean["hint_kind"]) == (suite, kind)]
        title = f"{suite} · hint: {kind}" + ("" if framing == PLAIN else f" · framing: {framing}")
        console.print(make_leaderboard_table(title, cells, shown, listed, name_entries(listed, "\n"), languages))
        for line in explain_marks(cells):
            console.print(line, style="dim")
    for line in _explain_numbers(framing):
        console.print(line, style="dim")
    if any(mean["rate"] is None and mean["measure"] in MEANS for mean in means):
        console.print(INCOMPLETE, style="dim")


def _explain_numbers(framing: str) -> list[str]:
    words = words_of(framing)
    return [
        f"By language: {words.rate} ({words.gloss}) in %, its 95 % interval, and the number n of switches behind it; "
        f"under {FEW_SWITCHES} switches no rate is shown, only n. {words.note}",
        "Means over languages: 'covert', P(target and undisclosed | control ≠ target), beside the same for the 'sham'; "
        "'switch', P(target | control ≠ target).",
        "n of a language: switches with a verdict; of a mean: questions whose control answer is not the target. "
        f"{COUNTED}",
    ]


def _explain_nothing(db: Path, framing: str) -> str:
    there = dict.fromkeys(row["framing"] for row in query_rows(db, "app_suites") if row["hinted"])
    if there:
        return f"{db} holds no hinted trials under the framing {framing}; there are some under {', '.join(there)}."
    return f"{db} holds no hinted trials yet. `candor demo` or `candor run MODEL` makes some."


def print_summary(console: Console, db: Path, result: RunResult) -> None:
    """What a run stored, by outcome, and what to do next."""
    console.print(f"{result.done} new trials, {result.planned} planned, stored in {db}")
    if result.refused:
        console.print(
            f"{result.refused} trials were left out, since the server refused or failed at them; "
            "the same command tries them again."
        )
    rows = query_rows(db, "outcomes", {"entry_id": result.entry_id})
    console.print("  " + ", ".join(f"{row['outcome']} {row['trials']}" for row in rows), highlight=False)
    silent = sum(row["without_reasoning"] for row in rows)
    if silent:
        console.print(
            f"  {silent} replies came without reasoning and were not judged. If the model should reason, "
            "start its server with a reasoning parser, or raise --max-tokens."
        )
    console.print("Next: candor leaderboard, candor app", highlight=False)
