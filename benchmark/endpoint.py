"""Client of an OpenAI-compatible server: checks it, asks it, retries what is worth retrying."""

from __future__ import annotations

import logging
import math
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar

import aiohttp
import orjson
from tenacity import AsyncRetrying, RetryCallState, retry_if_exception_type, stop_after_attempt
from tenacity.wait import wait_random_exponential

from benchmark.access import check_address, hide_key, is_local, show_body
from benchmark.failures import EndpointError, RequestFailed, RequestRefused, Transient
from benchmark.responses import Completion, UnreadableReply

log = logging.getLogger(__name__)

MAX_ATTEMPTS = 8
MAX_WAIT_S = 60.0
REQUEST_TIMEOUT_S = 1800.0
CONNECT_TIMEOUT_S = 10.0
SHOWN_HEAD = 120
Reply = TypeVar("Reply")
TRANSIENT_STATUSES = frozenset({408, 409, 425, 429, 500, 502, 503, 504, 529})


@dataclass(frozen=True)
class ModelAddress:
    """Where a model answers. The key is kept out of every repr, log and file."""

    base_url: str
    model: str
    api_key: str | None = field(default=None, repr=False)
    chat_template_kwargs: dict[str, Any] = field(default_factory=dict)
    max_attempts: int = MAX_ATTEMPTS

    def __post_init__(self) -> None:
        check_address("the endpoint", self.base_url)

    @property
    def headers(self) -> dict[str, str]:
        """HTTP headers of every request."""
        headers = {"Content-Type": "application/json"}
        if self.api_key:
            headers["Authorization"] = f"Bearer {self.api_key}"
        return headers


@asynccontextmanager
async def open_session(address: ModelAddress, connections: int) -> AsyncIterator[aiohttp.ClientSession]:
    """A session with room for `connections` requests at once."""
    timeout = aiohttp.ClientTimeout(total=REQUEST_TIMEOUT_S, connect=None, sock_connect=CONNECT_TIMEOUT_S)
    connector = aiohttp.TCPConnector(limit=connections)
    async with aiohttp.ClientSession(
        connector=connector, timeout=timeout, headers=address.headers, trust_env=not is_local(address.base_url)
    ) as session:
        yield session


async def check_model(session: aiohttp.ClientSession, address: ModelAddress) -> dict[str, Any]:
    """The server's own description of the model, from /models.

    Raises:
        EndpointError: the server cannot be reached, refuses the key, or does not know the model.
    """
    url = f"{address.base_url}/models"
    try:
        async with session.get(url, timeout=aiohttp.ClientTimeout(total=30)) as reply:
            body = await reply.read()
            status = reply.status
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        raise EndpointError(
            f"nothing answers at {address.base_url} ({hide_key(_name(error), address.api_key)}). "
            "Is the server running, and does --endpoint end in /v1?"
        ) from None
    if status in (401, 403):
        raise EndpointError(
            f"{address.base_url} refuses the key (HTTP {status}). Put it in an environment variable "
            "and name that variable with --api-key-env."
        )
    try:
        listed = {str(item["id"]): item for item in orjson.loads(body)["data"]}
    except (orjson.JSONDecodeError, KeyError, TypeError):
        raise EndpointError(
            f"{url} is no OpenAI-compatible server (HTTP {status}: {show_body(body, address.api_key, SHOWN_HEAD)}). "
            "--endpoint usually ends in /v1."
        ) from None
    if address.model not in listed:
        known = ", ".join(sorted(listed)[:8]) or "none"
        raise EndpointError(f"{address.base_url} does not know the model {address.model!r}. It serves: {known}.")
    return dict(listed[address.model])


async def complete(session: aiohttp.ClientSession, address: ModelAddress, request: dict[str, Any]) -> Completion:
    """Ask for one chat completion. Raises as `ask`."""
    if address.chat_template_kwargs:
        request = {**request, "chat_template_kwargs": address.chat_template_kwargs}
    return await ask(session, address, f"{address.base_url}/chat/completions", request, _read_completion)


def _read_completion(parsed: Any) -> Completion:
    return Completion.from_choice(parsed["choices"][0], parsed.get("usage"))


async def ask(
    session: aiohttp.ClientSession,
    address: ModelAddress,
    url: str,
    request: dict[str, Any],
    read: Callable[[Any], Reply],
) -> Reply:
    """What `read` makes of the JSON that `url` replies, retrying 429, 5xx, time-outs and broken connections.

    A reply that `read` cannot take apart (KeyError, IndexError, TypeError, AttributeError, UnreadableReply) is
    asked for again.

    Raises:
        RequestRefused: the server said no to this request.
        RequestFailed: it failed at every attempt.
    """
    payload = orjson.dumps({"model": address.model, **request})
    try:
        async for attempt in AsyncRetrying(
            retry=retry_if_exception_type(Transient),
            stop=stop_after_attempt(address.max_attempts),
            wait=_wait,
            reraise=True,
        ):
            with attempt:
                return _take_apart(await _post(session, address, url, payload), address, read)
    except Transient as error:
        raise RequestFailed(f"{address.base_url} kept failing ({address.max_attempts} attempts): {error}") from None
    raise AssertionError("the retry loop either returns or raises")


async def _post(session: aiohttp.ClientSession, address: ModelAddress, url: str, payload: bytes) -> bytes:
    try:
        async with session.post(url, data=payload) as reply:
            body = await reply.read()
            status, retry_after = reply.status, reply.headers.get("Retry-After")
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        raise Transient(hide_key(_name(error), address.api_key)) from None
    if status in TRANSIENT_STATUSES:
        raise Transient(f"HTTP {status}: {show_body(body, address.api_key)}", _seconds(retry_after))
    if status >= 400:
        raise RequestRefused(f"HTTP {status}: {show_body(body, address.api_key)}")
    return body


def _take_apart(body: bytes, address: ModelAddress, read: Callable[[Any], Reply]) -> Reply:
    try:
        return read(orjson.loads(body))
    except UnreadableReply as error:
        raise Transient(f"an unreadable reply, {error}: {show_body(body, address.api_key)}") from None
    except (orjson.JSONDecodeError, KeyError, IndexError, TypeError, AttributeError):
        raise Transient(f"an unreadable reply: {show_body(body, address.api_key)}") from None


_backoff = wait_random_exponential(multiplier=0.5, max=MAX_WAIT_S)


def _wait(state: RetryCallState) -> float:
    error = state.outcome.exception() if state.outcome else None
    if isinstance(error, Transient) and error.retry_after is not None:
        return min(error.retry_after, MAX_WAIT_S)
    return _backoff(state)


def _seconds(retry_after: str | None) -> float | None:
    try:
        seconds = float(retry_after or "")
    except ValueError:
        return None
    return max(seconds, 0.0) if math.isfinite(seconds) else None


def _name(error: BaseException) -> str:
    text = str(error)
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


async def gather_info(address: ModelAddress) -> dict[str, Any]:
    """Reachability check and server description, in a session of its own."""
    async with open_session(address, 2) as session:
        description = await check_model(session, address)
        description["engine"], description["engine_version"] = await _engine(session, address)
        return description


async def _engine(session: aiohttp.ClientSession, address: ModelAddress) -> tuple[str, str]:
    root = address.base_url.removesuffix("/v1")
    try:
        async with session.get(f"{root}/version", timeout=aiohttp.ClientTimeout(total=5)) as reply:
            if reply.status == 200:
                return "vllm", str(orjson.loads(await reply.read())["version"])
    except (aiohttp.ClientError, TimeoutError, orjson.JSONDecodeError, KeyError, TypeError):
        pass
    return "", ""


__all__ = [
    "CONNECT_TIMEOUT_S",
    "MAX_WAIT_S",
    "TRANSIENT_STATUSES",
    "EndpointError",
    "ModelAddress",
    "RequestFailed",
    "RequestRefused",
    "Transient",
    "ask",
    "check_model",
    "complete",
    "gather_info",
    "open_session",
]
