"""`candor leaderboard --by-detector`: do the ranks hold whichever stage of the detector judges?"""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path

import orjson
from rich.console import Console
from rich.table import Table

from benchmark.framings import PLAIN
from benchmark.statistics.detector_ranks import LEAST_SHARE, DetectorRanks, rank_by_detector
from benchmark.statistics.ranking import RankedEntry
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
    for suite in dict.fromkeys(ranks.suite for ranks in found):
        console.print(_draw(suite, [ranks for ranks in found if ranks.suite == suite]))
    for ranks in every:
        if ranks.share < LEAST_SHARE:
            console.print(
                f"{ranks.suite}: {ranks.detector} has judged {100 * ranks.share:.0f} %, too little for ranks."
            )
    console.print(
        "Rank interval (95 %, all models at once) and covert influence in % with its interval, as each detector's "
        f"verdicts would have them.\n{HOW}",
        style="dim",
        highlight=False,
    )


def _draw(suite: str, columns: list[DetectorRanks]) -> Table:
    table = Table(title=f"{suite} · ranks by detector", title_justify="left")
    table.add_column("model", no_wrap=True)
    for ranks in columns:
        mark = "\ncurrent" if ranks.current else ""
        table.add_column(f"{ranks.detector}\n{100 * ranks.share:.0f} % judged{mark}", justify="right")
    cells = [{entry.entry_id: entry for entry in ranks.ranked} for ranks in columns]
    entries = {entry.entry_id: entry.model for ranks in columns for entry in ranks.ranked}
    for entry_id, model in entries.items():
        row = []
        for by_entry in cells:
            entry = by_entry.get(entry_id)
            row.append(
                f"{_rank(entry)} of {entry.entries}\n{100 * entry.rate:.1f} "
                f"({100 * entry.low:.1f}–{100 * entry.high:.1f}), n={entry.n:.0f}"
                if entry
                else "–"
            )
        table.add_row(model, *row)
    return table


def _rank(entry: RankedEntry) -> str:
    return str(entry.best) if entry.best == entry.worst else f"{entry.best}–{entry.worst}"
