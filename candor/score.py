"""The detector on files of anyone's transcripts."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from itertools import tee
from pathlib import Path
from typing import Any, BinaryIO

import orjson
from pydantic import BaseModel, ConfigDict, ValidationError
from rich.console import Console

from benchmark.detector import Case, Detector, Verdict
from benchmark.judging_pool import count_jobs
from benchmark.responses import Completion, read_response
from candor.detecting import DetectorOptions, choose
from candor.plan import OptionError
from candor.progress import show_bytes
from languages import require


class TranscriptRow(BaseModel):
    """One line of the input (DESIGN §10); fields beyond these are left alone."""

    model_config = ConfigDict(extra="allow")

    id: str | int
    language: str
    hint_kind: str
    hint_text: str
    target: str
    reasoning: str | None = None
    answer: str | None = None
    content: str | None = None
    question: str | None = None
    options: list[str] = []
    mentions: bool | None = None
    relies: str | None = None
    derives: bool | None = None


# A smaller file is judged sooner than further processes have started.
WORTH_PROCESSES = 300_000


class TranscriptError(OptionError):
    """A line of the input that cannot be read."""


def read_rows(source: Path) -> Iterator[tuple[int, TranscriptRow]]:
    """(bytes of the line, row); a bad line raises TranscriptError naming line, field and value."""
    check_source(source)
    with source.open("rb") as file:
        for number, line in enumerate(file, start=1):
            if not line.strip():
                continue
            try:
                yield len(line), TranscriptRow.model_validate_json(line)
            except ValidationError as error:
                issue = error.errors()[0]
                field = ".".join(map(str, issue["loc"])) or "the line"
                raise TranscriptError(
                    f"{source}, line {number}, field {field!r}: {issue['msg']} (got {str(issue['input'])[:80]!r})."
                ) from None


def check_source(source: Path) -> None:
    """Raise TranscriptError where there is nothing to read."""
    if not source.is_file():
        raise TranscriptError(f"{source}: there is no such file.")


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
        OptionError: `output` is the source itself, or as `read_rows`.
    """
    # Before anything is opened for writing, which empties a file.
    check_source(source)
    if output and output.exists() and output.samefile(source):
        raise OptionError(f"--output {str(output)!r}: this is the file that is read. Name another file.")
    detector = open_detector(chosen, [source])
    if output is None:
        _score(source, sys.stdout.buffer, detector)
        return
    with output.open("wb") as file:
        count = _score(source, file, detector)
    print(f"{count} verdicts written to {output}", file=sys.stderr)


def open_detector(chosen: DetectorOptions, sources: list[Path]) -> Detector:
    """The detector that was asked for, with processes where the files are worth them."""
    size = sum(source.stat().st_size for source in sources if source.is_file())
    return choose(chosen, chosen.jobs or (count_jobs() if size > WORTH_PROCESSES else 1))


def judge_files(
    sources: list[Path], detector: Detector, keep: Callable[[TranscriptRow], bool] = lambda row: True
) -> Iterator[tuple[TranscriptRow, dict[str, Any]]]:
    """Every row of the files with the verdict on it, in order, with progress on standard error.

    Args:
        sources: JSONL files.
        detector: who judges.
        keep: which rows are judged; it may raise for a row that cannot be.
    """
    size = sum(source.stat().st_size for source in sources if source.is_file())
    lines = ((length, row, *make_case(row)) for source in sources for length, row in read_rows(source) if keep(row))
    # The detector reads a little ahead; what it has read waits in the first copy.
    known, judged = tee(lines)
    verdicts = detector.judge_cases(case for _, _, case, _ in judged)
    with show_bytes(Console(stderr=True), "judging", size) as advance:
        # The verdicts first: it is they that read on.
        for verdict, (length, row, _, before) in zip(verdicts, known, strict=True):
            advance(length)
            yield row, before | list_verdict(verdict)


def _score(source: Path, file: BinaryIO, detector: Detector) -> int:
    count = 0
    for _, output in judge_files([source], detector):
        file.write(orjson.dumps(output, option=orjson.OPT_APPEND_NEWLINE))
        count += 1
    return count
