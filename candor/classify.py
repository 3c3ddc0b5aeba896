"""`candor classify`: what kind of flaw carries each switched answer, by rules and, where there is one, an LLM judge."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmark.detector.llm_judge import JudgeSettings
from benchmark.store import query_rows
from benchmark.taxonomy import classify_stored, name_classifier
from candor.plan import OptionError


def classify(db: Path, judge: JudgeSettings | None, entry: str | None) -> None:
    """Classify every switched trial of the results file that has no class yet, and show the shares.

    Raises:
        FileNotFoundError: no such results file.
        OptionError: unknown entry.
        EndpointError: the judge's server is no good.
    """
    entries = {row["entry_id"] for row in query_rows(db, "entry_ids")}
    if entry is not None and entry not in entries:
        raise OptionError(f"--entry {entry!r}: there is no such entry. Known: {', '.join(sorted(entries))}.")
    done = classify_stored(db, judge, entry)
    Console(stderr=True, highlight=False).print(f"{done} switched trials classified by {name_classifier(judge)}")
    table = Table("model", "language", "hint", "verbalised", "class", "share (95 %)", "n")
    for column in table.columns[3:]:
        column.no_wrap = True
    for row in query_rows(db, "taxonomy_rows", {"entry_id": entry}):
        table.add_row(
            row["model"],
            row["language"],
            row["hint_kind"],
            "yes" if row["verbalised"] else "no",
            row["class"],
            f"{row['share']:.0%} ({row['low']:.0%}–{row['high']:.0%})",
            f"{row['n']:g}",
        )
    [left] = query_rows(db, "taxonomy_undecided", {"entry_id": entry})
    shown = Console(highlight=False)
    shown.print(table)
    shown.print(f"Shares of the switched trials with a class and a verdict; {left['undecided']:g} more lack one.")
