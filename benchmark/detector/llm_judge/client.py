"""Asks the judge's server; asks again where that may help."""

from __future__ import annotations

import math
import ssl
import threading
import time
from functools import cache
from typing import TypeVar

import httpx
from pydantic import BaseModel
from tenacity import (
    RetryCallState,
    Retrying,
    retry_if_exception_type,
    sleep_using_event,
    stop_after_attempt,
    stop_when_event_set,
)
from tenacity.wait import wait_random_exponential

from benchmark.access import SHOWN_BODY, is_local, show_body
from benchmark.detector.llm_judge.reply import GarbledReply, read_completion, read_reply
from benchmark.detector.llm_judge.settings import JudgeSettings
from benchmark.endpoint import CONNECT_TIMEOUT_S, MAX_WAIT_S, TRANSIENT_STATUSES
from benchmark.failures import EndpointError, RequestRefused, Transient

# What no other case would fare better with: moved, no or a wrong key, no such model or path.
HOPELESS_STATUSES = frozenset({301, 302, 303, 307, 308, 401, 403, 404, 405})
MAX_BODY = 4_000_000

T = TypeVar("T", bound=BaseModel)


def open_client(settings: JudgeSettings, key: str | None) -> httpx.Client:
    """A client for all of the judge's requests, used from `concurrency` threads."""
    return httpx.Client(
        headers={"Content-Type": "application/json", **({"Authorization": f"Bearer {key}"} if key else {})},
        timeout=httpx.Timeout(settings.timeout, connect=min(CONNECT_TIMEOUT_S, settings.timeout), pool=None),
        limits=httpx.Limits(max_connections=settings.concurrency, max_keepalive_connections=settings.concurrency),
        verify=_load_certificates(),
        trust_env=not is_local(settings.endpoint),
    )


@cache
def _load_certificates() -> ssl.SSLContext:
    # Left to itself, every client reads all certificates anew, which takes longer than a cached verdict.
    return httpx.create_ssl_context()


def ask(client: httpx.Client, settings: JudgeSettings, request: bytes, model: type[T], cancelled: threading.Event) -> T:
    """The judge's reply to one request, read as `model`.

    Raises:
        GarbledReply: no reply was one.
        Transient: the server stayed busy, broken or out of reach.
        RequestRefused: the server does not take this request.
        EndpointError: the server will take none.
    """
    for attempt in Retrying(
        retry=retry_if_exception_type(GarbledReply),
        stop=stop_after_attempt(settings.attempts) | stop_when_event_set(cancelled),
        reraise=True,
    ):
        with attempt:
            return read_reply(read_completion(_send(client, settings, request, cancelled)), model)
    raise AssertionError("the retry loop either returns or raises")


def _send(client: httpx.Client, settings: JudgeSettings, request: bytes, cancelled: threading.Event) -> bytes:
    for attempt in Retrying(
        retry=retry_if_exception_type(Transient),
        stop=stop_after_attempt(settings.network_attempts) | stop_when_event_set(cancelled),
        wait=_wait,
        sleep=sleep_using_event(cancelled),
        reraise=True,
    ):
        with attempt:
            return _send_once(client, settings, request)
    raise AssertionError("the retry loop either returns or raises")


def _send_once(client: httpx.Client, settings: JudgeSettings, request: bytes) -> bytes:
    # httpx times each read by itself: a server that sends a byte now and then would never run out of time.
    deadline = time.monotonic() + settings.timeout
    body = bytearray()
    try:
        with client.stream("POST", f"{settings.endpoint}/chat/completions", content=request) as response:
            for piece in response.iter_bytes():
                body += piece
                if time.monotonic() > deadline:
                    raise Transient(f"no whole reply within {settings.timeout:g} s")
                if len(body) > MAX_BODY:
                    raise GarbledReply(f"the reply is longer than {MAX_BODY} bytes")
    except httpx.RequestError as error:
        raise Transient(f"{type(error).__name__}: {error}"[:SHOWN_BODY]) from None
    status = response.status_code
    if status in TRANSIENT_STATUSES or status >= 500:
        retry_after = _read_seconds(response.headers.get("Retry-After"))
        raise Transient(f"HTTP {status}: {_show(body, client)}", retry_after)
    if status in HOPELESS_STATUSES:
        raise EndpointError(
            f"the judge's server {settings.endpoint} answers HTTP {status} for {settings.model!r}: "
            f"{_show(body, client)}. Check the address (it usually ends in /v1), the model's name and the key."
        )
    if status != httpx.codes.OK:
        raise RequestRefused(f"HTTP {status}: {_show(body, client)}")
    return bytes(body)


_backoff = wait_random_exponential(multiplier=0.5, max=MAX_WAIT_S)


def _wait(state: RetryCallState) -> float:
    error = state.outcome.exception() if state.outcome else None
    if isinstance(error, Transient) and error.retry_after is not None:
        return error.retry_after
    return _backoff(state)


def _read_seconds(retry_after: str | None) -> float | None:
    try:
        seconds = float(retry_after or "")
    except ValueError:
        return None
    return min(max(seconds, 0.0), MAX_WAIT_S) if math.isfinite(seconds) else None


def _show(body: bytearray, client: httpx.Client) -> str:
    return show_body(body, client.headers.get("Authorization", "").removeprefix("Bearer "))
