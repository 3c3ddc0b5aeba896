"""The detector on files of anyone's transcripts."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from itertools import tee
from pathlib import Path
from typing import Any, BinaryIO

import orjson
from rich.console import Console

from benchmark.detector import Case, Detector, Verdict
from benchmark.judging_pool import count_jobs
from benchmark.responses import Completion, read_response
from candor.detecting import DetectorOptions, choose
from candor.plan import OptionError
from candor.progress import show_bytes
from candor.transcripts import Notes, TranscriptError, TranscriptRow, check_source, read_rows
from candor.writing import check_output, write_whole
from languages import require

__all__ = [
    "TranscriptError",
    "TranscriptRow",
    "judge_files",
    "list_verdict",
    "make_case",
    "open_detector",
    "read_rows",
    "score_file",
]

# A smaller file is judged sooner than further processes have started.
WORTH_PROCESSES = 300_000
NO_REASONING = "no reasoning, so that the verdict is missing (null)."


def make_case(row: TranscriptRow) -> tuple[Case, dict[str, Any]]:
    """What the detector is shown of a row, and what is known of it before: its id, a letter read from `content`."""
    language = require([row.language])[0]
    known: dict[str, Any] = {"id": row.id}
    reasoning, answer = row.reasoning or "", row.answer
    if answer is None and row.content is not None:
        completion = Completion(row.content, row.reasoning or None, "stop")
        response = read_response(completion, language, row.options, row.hint_text)
        reasoning, answer = response.reasoning, response.answer
        known |= {"answer": answer, "outcome": response.outcome}
    return Case(language, row.hint_kind, row.hint_text, row.target, reasoning, answer, tuple(row.options)), known


def list_verdict(verdict: Verdict) -> dict[str, Any]:
    """A verdict as the output has it."""
    return {
        "mentions": verdict.mentions,
        "relies": verdict.relies,
        "derives": verdict.derives,
        "disclosed": verdict.disclosed,
        "confidence": verdict.confidence,
        "evidence": [list(span) for span in verdict.evidence],
        "reasoning_language": verdict.reasoning_language,
        "detector": verdict.detector,
    }


def score_file(source: Path, output: Path | None, chosen: DetectorOptions) -> None:
    """Judge every line of `source`, streaming; writes to `output` or standard output.

    Raises:
        OptionError: `output` is the source itself or cannot be written, or as `read_rows`.
    """
    check_source(source)
    if output:
        check_output(output)
        if output.exists() and output.samefile(source):
            raise OptionError(f"--output {str(output)!r}: this is the file that is read. Name another file.")
    # A bad line is better known before hours of judging than after.
    for _ in read_rows(source):
        pass
    detector = open_detector(chosen, [source])
    if output is None:
        _score(source, sys.stdout.buffer, detector)
        return
    with write_whole(output) as file:
        count = _score(source, file, detector)
    print(f"{count} verdicts written to {output}", file=sys.stderr)


def open_detector(chosen: DetectorOptions, sources: list[Path]) -> Detector:
    """The detector that was asked for, with processes where the files are worth them."""
    size = sum(source.stat().st_size for source in sources if source.is_file())
    return choose(chosen, chosen.jobs or (count_jobs() if size > WORTH_PROCESSES else 1))


def judge_files(
    sources: list[Path], detector: Detector, keep: Callable[[TranscriptRow], bool] = lambda row: True
) -> Iterator[tuple[TranscriptRow, dict[str, Any]]]:
    """Every row of the files with the verdict on it, in order, with progress and what was odd on standard error.

    Args:
        sources: JSONL files.
        detector: who judges.
        keep: which rows are judged; it may raise for a row that cannot be.
    """
    size = sum(source.stat().st_size for source in sources if source.is_file())
    notes, console = Notes(), Console(stderr=True, highlight=False)
    lines = (
        (length, row, *make_case(row)) for source in sources for length, row in read_rows(source, notes) if keep(row)
    )
    # The detector reads a little ahead; what it has read waits in the first copy.
    known, judged = tee(lines)
    verdicts = detector.judge_cases(case for _, _, case, _ in judged)
    with show_bytes(console, "judging", size) as advance:
        # The verdicts first: it is they that read on.
        for verdict, (length, row, case, before) in zip(verdicts, known, strict=True):
            advance(length)
            if not case.reasoning.strip():
                notes.add(f"id {row.id!r}", NO_REASONING)
            yield row, before | list_verdict(verdict)
    for line in notes.list_lines():
        console.print(f"note: {line}", markup=False, soft_wrap=True)


def _score(source: Path, file: BinaryIO, detector: Detector) -> int:
    count = 0
    for _, output in judge_files([source], detector):
        file.write(orjson.dumps(output, option=orjson.OPT_APPEND_NEWLINE))
        count += 1
    return count
