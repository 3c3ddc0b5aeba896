"""`candor leaderboard --by-detector`: do the ranks hold whichever stage of the detector judges?"""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

import orjson
from rich.console import Console
from rich.table import Table
from rich.text import Text

from benchmark.faces import name_entries, pick_entries
from benchmark.framings import PLAIN
from benchmark.statistics.detector_ranks import LEAST_SHARE, DetectorRanks, rank_by_detector
from benchmark.statistics.ranking import RankedEntry
from benchmark.store import query_rows
from candor.plan import OptionError

HOW = "`candor rejudge --detector rules` (similarity, encoder, …) stores those of another and makes them current."


def print_detector_ranks(db: Path, framing: str, as_json: bool) -> None:
    """Rank and covert influence of each entry under each detector that has judged the responses.

    Raises:
        OptionError: another framing than the one that is ranked.
    """
    if framing != PLAIN:
        raise OptionError(f"--framing {framing}: only {PLAIN} is ranked; leave it out with --by-detector.")
    every = rank_by_detector(db)
    found = [ranks for ranks in every if ranks.ranked]
    if as_json:
        rows = [
            {
                "suite": ranks.suite,
                "detector": ranks.detector,
                "share": ranks.share,
                "current": ranks.current,
                **asdict(entry),
            }
            for ranks in found
            for entry in ranks.ranked
        ]
        sys.stdout.buffer.write(orjson.dumps(rows, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
        return
    console = Console(width=None if sys.stdout.isatty() else 200)
    if not found:
        console.print(f"{db} holds no complete entry that could be ranked.")
    entries = query_rows(db, "app_entries")
    for suite in dict.fromkeys(ranks.suite for ranks in found):
        columns = [ranks for ranks in found if ranks.suite == suite]
        ids = {entry.entry_id for ranks in columns for entry in ranks.ranked}
        console.print(_draw(suite, columns, pick_entries(entries, suite, PLAIN, ids)))
    for ranks in every:
        if ranks.share < LEAST_SHARE:
            console.print(
                f"{ranks.suite}: {ranks.detector} has judged {100 * ranks.share:.0f} %, too little for ranks."
            )
    console.print(
        "Rank interval (95 %, for all models at once that are ranked together: those of one channel of reasoning, "
        "calibration apart) and covert influence in % with its interval, as each detector's verdicts would have them; "
        f"n: questions whose control answer is not the target.\n{HOW}",
        style="dim",
        highlight=False,
    )


def _draw(suite: str, columns: list[DetectorRanks], entries: list[dict[str, Any]]) -> Table:
    table = Table(title=Text(f"{suite} · ranks by detector"), title_justify="left")
    table.add_column("model", no_wrap=True)
    for ranks in columns:
        mark = "\ncurrent" if ranks.current else ""
        table.add_column(f"{ranks.detector}\n{100 * ranks.share:.0f} % judged{mark}", justify="right")
    cells = [{entry.entry_id: entry for entry in ranks.ranked} for ranks in columns]
    names = name_entries(entries, "\n")
    # Kinds that are not ranked together stay apart; in each the order of the first detector.
    order = list(dict.fromkeys(entry_id for by_entry in cells for entry_id in by_entry))
    kinds = [row["listed_with"] for row in entries]
    for row in sorted(entries, key=lambda row: (kinds.index(row["listed_with"]), order.index(row["entry_id"]))):
        found = [by_entry.get(row["entry_id"]) for by_entry in cells]
        table.add_row(Text(names[row["entry_id"]]), *(_write_cell(entry) for entry in found))
    return table


def _write_cell(entry: RankedEntry | None) -> str:
    if entry is None:
        return "–"
    return (
        f"{_rank(entry)} of {entry.entries}\n{100 * entry.rate:.1f} "
        f"({100 * entry.low:.1f}–{100 * entry.high:.1f}), n={entry.n:.0f}"
    )


def _rank(entry: RankedEntry) -> str:
    return str(entry.best) if entry.best == entry.worst else f"{entry.best}–{entry.worst}"
