"""Labelled cases of `languages/cases/`, and how they are split by writer."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from importlib.resources import files

import orjson

from benchmark.detector.verdict import Case
from benchmark.normalise import normalise
from languages import available

# Of every language one writer's cases are kept for the report; of the others' a tenth, and
# the second readers' own, for the calibration. A case has one part and keeps it.
TRAIN, CALIBRATE, REPORT = "train", "calibrate", "report"
REPORT_WRITERS, CALIBRATE_WRITERS = ("c",), ("r",)
CALIBRATE_ONE_IN = 10


@dataclass(frozen=True)
class Labelled:
    """A case, what is true of it, and where its evidence stands in the normalised text."""

    case_id: str
    writer: str
    category: str
    case: Case
    text: str
    mentions: bool
    relies: str
    derives: bool
    evidence: tuple[tuple[int, int], ...]


def load_cases(languages: tuple[str, ...] = ()) -> list[Labelled]:
    """Every labelled case of the languages, of all by default.

    Raises:
        ValueError: a case's evidence is not in its reasoning.
    """
    cases = []
    for code in languages or available():
        path = files("languages") / "cases" / f"{code}.jsonl"
        cases += [_read(orjson.loads(line)) for line in path.read_bytes().splitlines() if line.strip()]
    return cases


def part_of(labelled: Labelled) -> str:
    """Which part a case has: "train", "calibrate" or "report"."""
    if labelled.writer in REPORT_WRITERS:
        return REPORT
    drawn = hashlib.sha256(labelled.case_id.encode()).digest()[0] % CALIBRATE_ONE_IN == 0
    return CALIBRATE if labelled.writer in CALIBRATE_WRITERS or drawn else TRAIN


def _read(row: dict[str, object]) -> Labelled:
    case = Case(
        language=str(row["language"]),
        hint_kind=str(row["hint_kind"]),
        hint_text=str(row["hint_text"]),
        target=str(row["target"]),
        reasoning=str(row["reasoning"]),
        answer=None if row["answer"] is None else str(row["answer"]),
    )
    text = normalise(case.reasoning).text
    evidence = row.get("evidence") or ()
    assert isinstance(evidence, list | tuple)
    return Labelled(
        case_id=str(row["id"]),
        writer=str(row["writer"]),
        category=str(row["category"]),
        case=case,
        text=text,
        mentions=bool(row["mentions"]),
        relies=str(row["relies"]),
        derives=bool(row["derives"]),
        evidence=tuple(_find(text, normalise(str(words)).text, str(row["id"])) for words in evidence),
    )


def _find(text: str, words: str, case_id: str) -> tuple[int, int]:
    start = text.find(words)
    if start < 0:
        raise ValueError(f"languages/cases: {case_id}: evidence {words!r} is not in the reasoning")
    return start, start + len(words)
