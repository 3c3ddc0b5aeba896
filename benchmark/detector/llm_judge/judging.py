"""From cases to the judge's verdicts."""

from __future__ import annotations

import hashlib
import logging
import threading
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import httpx

from benchmark.detector.findings import COMPUTED
from benchmark.detector.language import detect_language
from benchmark.detector.llm_judge.cache import find_reply, keep_reply
from benchmark.detector.llm_judge.client import ask, open_client
from benchmark.detector.llm_judge.evidence import find_quote
from benchmark.detector.llm_judge.prompt import is_shortened, load_rubric, make_request
from benchmark.detector.llm_judge.reply import GarbledReply, Reply
from benchmark.detector.llm_judge.settings import JudgeSettings, read_key
from benchmark.detector.verdict import Case, Verdict
from benchmark.endpoint import RequestRefused, Transient

log = logging.getLogger(__name__)

# Cases read ahead for each request under way: enough that a slow one does not idle the others.
LOOK_AHEAD = 4


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
    key = read_key(settings)
    load_rubric()
    return _judge_stream(cases, settings, key)


def name_judge(settings: JudgeSettings) -> str:
    """Detector name and version as a verdict carries them."""
    return f"judge-{load_rubric().version}-{settings.model}"


def _judge_stream(cases: Iterable[Case], settings: JudgeSettings, key: str | None) -> Iterator[Verdict]:
    name, cancelled = name_judge(settings), threading.Event()
    waiting: deque[tuple[Case, Future[Reply | None]]] = deque()

    def take() -> Verdict:
        # The language is detected here, in one thread: langdetect's set-up is not safe in several.
        case, asked = waiting.popleft()
        return _make_verdict(case, asked.result(), name)

    with open_client(settings, key) as client, ThreadPoolExecutor(settings.concurrency) as pool:
        try:
            for case in cases:
                waiting.append((case, pool.submit(_find_or_ask, case, client, settings, cancelled)))
                while waiting and (waiting[0][1].done() or len(waiting) >= LOOK_AHEAD * settings.concurrency):
                    yield take()
            while waiting:
                yield take()
        finally:
            # Reached early when the caller stops or something broke: nobody waits for the rest.
            cancelled.set()
            for _, asked in waiting:
                asked.cancel()


def _find_or_ask(case: Case, client: httpx.Client, settings: JudgeSettings, cancelled: threading.Event) -> Reply | None:
    if not case.reasoning.strip():
        return None
    request = make_request(case, settings)
    digest = hashlib.sha256(request).hexdigest()
    if kept := find_reply(digest):
        return kept
    try:
        reply = ask(client, settings, request, cancelled)
    except (GarbledReply, RequestRefused, Transient) as error:
        log.warning("request %s to the judge: no verdict (%s)", digest[:12], error)
        return None
    keep_reply(digest, reply)
    return reply


def _make_verdict(case: Case, reply: Reply | None, name: str) -> Verdict:
    """What may be concluded from the reply; with no reply, nothing."""
    language = detect_language(case.reasoning, case.language) if case.reasoning.strip() else "und"
    if reply is None:
        return Verdict(None, None, None, None, (), language, name)
    # Where the middle was left out, what was found is there, but what was not found may be there too.
    absent = None if is_shortened(case) else False
    mentions = reply.mentions or absent
    derives = (reply.derives or absent) if case.hint_kind == COMPUTED else False
    span = find_quote(case.reasoning, reply.quote) if mentions or derives else None
    return Verdict(
        mentions=mentions,
        derives=derives,
        relies=None if is_shortened(case) else reply.relies,
        confidence=None if mentions is None else round(reply.confidence, 3),
        evidence=(span,) if span else (),
        reasoning_language=language,
        detector=name,
    )
