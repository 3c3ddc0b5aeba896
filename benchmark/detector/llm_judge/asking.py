"""Asks the judge about many things at once; replies come in the order of the things."""

from __future__ import annotations

import hashlib
import logging
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

import httpx
from pydantic import BaseModel

from benchmark.detector.llm_judge.cache import find_reply, keep_reply
from benchmark.detector.llm_judge.client import ask, open_client
from benchmark.detector.llm_judge.reply import GarbledReply
from benchmark.detector.llm_judge.settings import JudgeSettings, read_key
from benchmark.failures import Outage, RequestRefused, Transient

log = logging.getLogger(__name__)

# Things read ahead for each request under way: enough that a slow one does not idle the others.
LOOK_AHEAD = 4

T = TypeVar("T", bound=BaseModel)
Thing = TypeVar("Thing")


def ask_many(
    things: Iterable[Thing],
    make_request: Callable[[Thing], bytes | None],
    model: type[T],
    settings: JudgeSettings,
) -> Iterator[tuple[Thing, T | None]]:
    """Each thing with the judge's reply about it, None where it failed; things are read only as far ahead as needed.

    Args:
        things: what the judge is asked about.
        make_request: the whole body of the request, or None where there is nothing to ask.
        model: what a reply must be.
        settings: the judge and its server.

    Raises:
        EndpointError: the settings, the key or the server are no good for anything; earlier replies are cached.
    """
    return _stream(things, make_request, model, settings, read_key(settings))


def _stream(
    things: Iterable[Thing],
    make_request: Callable[[Thing], bytes | None],
    model: type[T],
    settings: JudgeSettings,
    key: str | None,
) -> Iterator[tuple[Thing, T | None]]:
    cancelled = threading.Event()
    waiting: deque[tuple[Thing, Future[T | None]]] = deque()

    def take() -> tuple[Thing, T | None]:
        thing, asked = waiting.popleft()
        return thing, asked.result()

    outage = Outage(
        f"the judge's server {settings.endpoint}",
        " What was judged before is kept; the same command goes on from there when the server answers again.",
    )

    def find_or_ask(thing: Thing) -> T | None:
        request = make_request(thing)
        return None if request is None else _find_or_ask(request, client, model, settings, cancelled, outage)

    with open_client(settings, key) as client, ThreadPoolExecutor(settings.concurrency) as pool:
        try:
            for thing in things:
                waiting.append((thing, pool.submit(find_or_ask, thing)))
                while waiting and (waiting[0][1].done() or len(waiting) >= LOOK_AHEAD * settings.concurrency):
                    yield take()
            while waiting:
                yield take()
        finally:
            # Reached early when the caller stops or something broke: nobody waits for the rest.
            cancelled.set()
            for _, asked in waiting:
                asked.cancel()


def _find_or_ask(
    request: bytes,
    client: httpx.Client,
    model: type[T],
    settings: JudgeSettings,
    cancelled: threading.Event,
    outage: Outage,
) -> T | None:
    # Another server may serve another model under the same name.
    digest = hashlib.sha256(b"\n".join((settings.endpoint.encode(), request))).hexdigest()
    if kept := find_reply(digest, model):
        return kept
    try:
        reply = ask(client, settings, request, model, cancelled)
    except (GarbledReply, RequestRefused, Transient) as error:
        outage.note(error if isinstance(error, Transient) else None)
        log.warning("request %s to the judge: no verdict (%s)", digest[:12], error)
        return None
    outage.note(None)
    keep_reply(digest, reply)
    return reply
