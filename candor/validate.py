"""`candor validate`: read labelled cases, judge them, show what came of it."""

from __future__ import annotations

import sys
from pathlib import Path

import orjson

from candor.ablation import compare_stages, print_stages
from candor.detecting import DetectorOptions
from candor.plan import OptionError
from candor.score import TranscriptError, TranscriptRow, judge_files, open_detector, read_rows
from candor.validation import Judged, compare
from candor.validation_report import as_dictionary, check_ending, print_validation, write_report

EVERY_STAGE = "all"


def validate_cases(
    cases: Path, chosen: DetectorOptions, writers: tuple[str, ...], report: Path | None, as_json: bool
) -> None:
    """Judge the cases of a file, or of every .jsonl of a folder, and print the comparison.

    Raises:
        UnknownDetector: no detector of this name.
        OptionError: no file, no case of these writers, report of an unknown kind.
        TranscriptError: a line that cannot be read or has no gold label.
    """
    files = sorted(cases.glob("*.jsonl")) if cases.is_dir() else [cases]
    if not files:
        raise OptionError(f"{cases}: no .jsonl file in this folder.")
    if report:
        check_ending(report)
    present: set[str] = set()

    def keep(row: TranscriptRow) -> bool:
        if row.mentions is None:
            raise TranscriptError(
                f"{cases}, case {row.id!r}, field 'mentions': missing; validation needs the gold label."
            )
        writer = getattr(row, "writer", None)
        present.add(str(writer))
        return not writers or writer in writers

    if chosen.detector == EVERY_STAGE:
        if report or chosen.judge_endpoint:
            raise OptionError(f"--detector {EVERY_STAGE}: takes neither --report nor a judge.")
        kept = [row for file in files for _, row in read_rows(file) if keep(row)]
        if not kept:
            raise _none_left(cases, writers, present)
        print_stages(compare_stages(cases.name, kept), as_json)
        return
    detector = open_detector(chosen, files)
    rows = (Judged(row.model_dump(), said) for row, said in judge_files(files, detector, keep))
    validation = compare(cases.name, detector.name, rows)
    if not validation.overall.cases:
        raise _none_left(cases, writers, present)
    if report:
        write_report(validation, report)
    if as_json:
        print(orjson.dumps(as_dictionary(validation), option=orjson.OPT_INDENT_2).decode())
    else:
        print_validation(validation)
    if report:
        print(f"report written to {report}", file=sys.stderr)


def _none_left(cases: Path, writers: tuple[str, ...], present: set[str]) -> OptionError:
    if present:
        return OptionError(f"--writer {', '.join(writers)}: {cases} has cases by {', '.join(sorted(present))} only.")
    return OptionError(f"{cases}: no case in it.")
