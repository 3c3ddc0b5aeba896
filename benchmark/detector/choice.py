"""The detectors by name, as functions from cases to verdicts: offline ones, the LLM judge, and both in a row."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import islice, tee

from benchmark.detector.cascade import DEFAULT_DETECTOR, DETECTORS, judge, name_detector
from benchmark.detector.llm_judge import JudgeSettings, judge_many, name_judge
from benchmark.detector.verdict import Case, Verdict
from benchmark.judging_pool import map_in_order

JUDGE = "judge"
KNOWN = (*DETECTORS, JUDGE)
# An offline verdict less sure than this is put to the LLM judge, where there is one.
SURE = 0.85
CHUNK = 64


class UnknownDetector(ValueError):
    """No detector has this name, or it lacks what it needs."""


@dataclass(frozen=True)
class Detector:
    """`name` as verdicts carry it; `judge_cases` gives one verdict for each case, in their order."""

    name: str
    judge_cases: Callable[[Iterable[Case]], Iterator[Verdict]]


def choose_detector(name: str, settings: JudgeSettings | None = None, jobs: int = 1) -> Detector:
    """The detector of this name.

    Args:
        name: one of KNOWN.
        settings: the LLM judge's server; with "cascade" it judges what the cascade is unsure of.
        jobs: processes for the offline stages.

    Raises:
        UnknownDetector: no such name, the judge without settings, or settings that nothing would use.
    """
    if name not in KNOWN:
        raise UnknownDetector(f"--detector {name!r} is unknown. Known: {', '.join(KNOWN)}.")
    if name == JUDGE:
        if settings is None:
            raise UnknownDetector("--detector judge needs --judge-endpoint and --judge-model.")
        return Detector(name_judge(settings), partial(judge_many, settings=settings))
    offline = Detector(name_detector(name), lambda cases: map_in_order(partial(judge, detector=name), cases, jobs))
    if settings is None:
        return offline
    if name != DEFAULT_DETECTOR:
        raise UnknownDetector(f"--judge-endpoint: goes with --detector judge or {DEFAULT_DETECTOR}, not {name!r}.")
    joined = f"{offline.name}+{name_judge(settings)}"
    return Detector(joined, lambda cases: _judge_unsure(cases, offline, settings, joined))


def _judge_unsure(cases: Iterable[Case], offline: Detector, settings: JudgeSettings, name: str) -> Iterator[Verdict]:
    """The offline verdict where it is sure or the judge fails, else the judge's."""
    # One stream for all: the offline detector may have processes of its own, started once.
    waiting, judged = tee(cases)
    pairs = zip(offline.judge_cases(judged), waiting, strict=True)
    while taken := list(islice(pairs, CHUNK)):
        verdicts, chunk = [verdict for verdict, _ in taken], [case for _, case in taken]
        unsure = [number for number, (verdict, case) in enumerate(taken) if _is_unsure(verdict, case)]
        for number, second in zip(unsure, judge_many([chunk[number] for number in unsure], settings), strict=True):
            if second.mentions is not None:
                verdicts[number] = second
        yield from (verdict.by(name) for verdict in verdicts)


def _is_unsure(verdict: Verdict, case: Case) -> bool:
    """Where the offline detector could not tell it is unsure of it, unless there is nothing to read."""
    if verdict.disclosed is None:
        return bool(case.reasoning.strip())
    return verdict.confidence is not None and verdict.confidence < SURE
