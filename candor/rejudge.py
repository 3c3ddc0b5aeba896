"""`candor rejudge`: another detector, or a newer one, over stored responses; the old verdicts stay."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console

from benchmark.judging_pool import count_jobs
from benchmark.rejudging import go_by, judge_stored
from benchmark.store import query_rows
from candor.detecting import DetectorOptions, choose
from candor.plan import OptionError


def rejudge(db: Path, chosen: DetectorOptions, entry: str | None) -> None:
    """Judge every stored response that this detector has not judged, and let the views go by its verdicts.

    Raises:
        UnknownDetector: no detector of this name.
        OptionError: unknown entry.
        FileNotFoundError: no such results file.
    """
    detector = choose(chosen, chosen.jobs or count_jobs())
    entries = {row["entry_id"] for row in query_rows(db, "entry_ids")}
    if entry is not None and entry not in entries:
        raise OptionError(f"--entry {entry!r}: there is no such entry. Known: {', '.join(sorted(entries))}.")
    console = Console(stderr=True, highlight=False)

    def say(done: int) -> None:
        console.print(f"  {detector.name}: {done} judged")

    added = judge_stored(db, detector, entry, say)
    go_by(db, detector.name, entry)
    which = f"every number of {entry}" if entry else "every number"
    console.print(f"{added} new verdicts by {detector.name}; {which} now goes by it. Older verdicts are kept.")
