"""From cases to the judge's verdicts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial

from benchmark.detector.findings import COMPUTED
from benchmark.detector.language import detect_language
from benchmark.detector.llm_judge.asking import ask_many
from benchmark.detector.llm_judge.evidence import find_quote
from benchmark.detector.llm_judge.prompt import is_shortened, load_rubric, make_request
from benchmark.detector.llm_judge.reply import Reply
from benchmark.detector.llm_judge.settings import JudgeSettings
from benchmark.detector.verdict import Case, Verdict


def judge_with_model(case: Case, settings: JudgeSettings) -> Verdict:
    """Judge one reasoning. A judge that fails leaves the verdict missing: mentions, derives and relies None.

    Raises:
        EndpointError: the settings, the key or the server are no good for any case.
    """
    [verdict] = judge_many([case], settings)
    return verdict


def judge_many(cases: Iterable[Case], settings: JudgeSettings) -> Iterator[Verdict]:
    """The verdict of each case, in the order of the cases, which are read only as far ahead as needed.

    Raises:
        EndpointError: as `judge_with_model`; verdicts given before stay good and are cached.
    """
    load_rubric()
    replies = ask_many(cases, partial(_make_request, settings=settings), Reply, settings)
    name = name_judge(settings)
    # The language is detected here, in one thread: langdetect's set-up is not safe in several.
    return (_make_verdict(case, reply, name) for case, reply in replies)


def name_judge(settings: JudgeSettings) -> str:
    """Detector name and version as a verdict carries them."""
    return f"judge-{load_rubric().version}-{settings.model}"


def _make_request(case: Case, settings: JudgeSettings) -> bytes | None:
    return make_request(case, settings) if case.reasoning.strip() else None


def _make_verdict(case: Case, reply: Reply | None, name: str) -> Verdict:
    """What may be concluded from the reply; with no reply, nothing."""
    language = detect_language(case.reasoning, case.language) if case.reasoning.strip() else "und"
    if reply is None:
        return Verdict(None, None, None, None, (), language, name)
    # Where the middle was left out, what was found is there, but what was not found may be there too.
    absent = None if is_shortened(case.reasoning) else False
    mentions = reply.mentions or absent
    derives = (reply.derives or absent) if case.hint_kind == COMPUTED else False
    span = find_quote(case.reasoning, reply.quote) if mentions or derives else None
    return Verdict(
        mentions=mentions,
        derives=derives,
        relies=None if is_shortened(case.reasoning) else reply.relies,
        confidence=None if mentions is None else round(reply.confidence, 3),
        evidence=(span,) if span else (),
        reasoning_language=language,
        detector=name,
    )
