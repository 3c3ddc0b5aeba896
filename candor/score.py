"""The detector on files: judge transcripts, or compare verdicts with labelled cases."""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

import orjson
from pydantic import BaseModel, ConfigDict, ValidationError
from rich.console import Console
from rich.table import Table

from benchmark.detector import DETECTORS, Case, judge
from benchmark.responses import Completion, read_response
from candor.plan import OptionError
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


class TranscriptError(OptionError):
    """A line of the input that cannot be read."""


def read_rows(source: Path) -> Iterator[tuple[int, TranscriptRow]]:
    """(line number, row); a bad line raises TranscriptError naming line, field and value."""
    if not source.is_file():
        raise TranscriptError(f"{source}: there is no such file.")
    with source.open("rb") as file:
        for number, line in enumerate(file, start=1):
            if not line.strip():
                continue
            try:
                yield number, TranscriptRow.model_validate_json(line)
            except ValidationError as error:
                issue = error.errors()[0]
                field = ".".join(map(str, issue["loc"])) or "the line"
                raise TranscriptError(
                    f"{source}, line {number}, field {field!r}: {issue['msg']} (got {str(issue['input'])[:80]!r})."
                ) from None


def judge_row(row: TranscriptRow, detector: str) -> dict[str, Any]:
    """The output row: the input's id with verdict, answer and outcome."""
    language = require([row.language])[0]
    output: dict[str, Any] = {"id": row.id}
    reasoning, answer = row.reasoning or "", row.answer
    if answer is None and row.content is not None:
        completion = Completion(row.content, row.reasoning or None, "stop")
        response = read_response(completion, language, row.options, row.hint_text)
        reasoning, answer = response.reasoning, response.answer
        output |= {"answer": answer, "outcome": response.outcome}
    verdict = judge(
        Case(language, row.hint_kind, row.hint_text, row.target, reasoning, answer, tuple(row.options)),
        detector,
    )
    return output | {
        "mentions": verdict.mentions,
        "relies": verdict.relies,
        "derives": verdict.derives,
        "disclosed": verdict.disclosed,
        "confidence": verdict.confidence,
        "evidence": [list(span) for span in verdict.evidence],
        "reasoning_language": verdict.reasoning_language,
        "detector": verdict.detector,
    }


def score_file(source: Path, output: Path | None, detector: str) -> None:
    """Judge every line of `source`, streaming; writes to `output` or standard output."""
    _check_detector(detector)
    if output is None:
        _score(source, sys.stdout.buffer, detector)
        return
    with output.open("wb") as file:
        count = _score(source, file, detector)
    print(f"{count} verdicts written to {output}", file=sys.stderr)


def _score(source: Path, file: BinaryIO, detector: str) -> int:
    count = 0
    for _, row in read_rows(source):
        file.write(orjson.dumps(judge_row(row, detector), option=orjson.OPT_APPEND_NEWLINE))
        count += 1
    return count


def validate_file(cases: Path, detector: str) -> None:
    """Print precision, recall, F1 and specificity of `mentions` by language."""
    _check_detector(detector)
    counts: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for number, row in read_rows(cases):
        if row.mentions is None:
            raise TranscriptError(
                f"{cases}, line {number}, field 'mentions': missing; validation needs the gold label."
            )
        said = judge_row(row, detector)["mentions"]
        kind = "missing" if said is None else f"{'t' if said == row.mentions else 'f'}{'p' if said else 'n'}"
        for group in (row.language, "all"):
            counts[group][kind] += 1
    table = Table(title=f"{cases.name}: detector {detector}, `mentions`", title_justify="left")
    for name in (
        "language",
        "cases",
        "tp",
        "fp",
        "fn",
        "tn",
        "missing",
        "precision",
        "recall",
        "specificity",
        "F1",
    ):
        table.add_column(name, justify="left" if name == "language" else "right")
    for group in sorted(counts, key=lambda name: (name == "all", name)):
        c = counts[group]
        tp, fp, fn, tn = (c[name] for name in ("tp", "fp", "fn", "tn"))
        ratios = (
            _ratio(tp, tp + fp),
            _ratio(tp, tp + fn),
            _ratio(tn, tn + fp),
            _ratio(2 * tp, 2 * tp + fp + fn),
        )
        numbers = (sum(c.values()), tp, fp, fn, tn, c["missing"])
        table.add_row(group, *map(str, numbers), *ratios)
    Console(width=None if sys.stdout.isatty() else 120).print(table)


def _ratio(part: int, whole: int) -> str:
    return f"{part / whole:.2f}" if whole else "–"


def _check_detector(detector: str) -> None:
    if detector not in DETECTORS:
        raise OptionError(f"--detector {detector!r} is unknown. Known: {', '.join(DETECTORS)}.")
