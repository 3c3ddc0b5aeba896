"""Which model judges, where it answers, and how patiently it is asked."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from benchmark.endpoint import EndpointError


@dataclass(frozen=True)
class JudgeSettings:
    """The judge's server and model; times are in seconds.

    Attributes:
        endpoint: base address of an OpenAI-compatible server, usually ending in /v1.
        api_key_env: the environment variable that holds the key; the key itself is never kept here.
        timeout: for one request, from sending it to the last byte of its reply.
        attempts: how often a case is asked while its replies are garbled.
        concurrency: requests under way at once.
        network_attempts: how often a request is sent while the server is busy, broken or out of reach.
        max_tokens: room for the reply. A model that thinks first needs more, or thinking switched off.
        chat_template_kwargs: passed on to servers that know it (vLLM), such as {"enable_thinking": False}.
    """

    endpoint: str
    model: str
    api_key_env: str | None = None
    timeout: float = 120.0
    attempts: int = 3
    concurrency: int = 8
    network_attempts: int = 6
    max_tokens: int = 1024
    chat_template_kwargs: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "endpoint", self.endpoint.rstrip("/"))
        _check_endpoint(self.endpoint)
        for name in ("timeout", "attempts", "concurrency", "network_attempts", "max_tokens"):
            if not getattr(self, name) > 0:
                raise ValueError(f"{name}: {getattr(self, name)} is too small; it must be above 0.")


def read_key(settings: JudgeSettings) -> str | None:
    """The key from its environment variable, or None where none is needed.

    Raises:
        EndpointError: the variable is empty, or holds what cannot be sent in a header.
    """
    if settings.api_key_env is None:
        return None
    key = os.environ.get(settings.api_key_env, "").strip()
    if not key:
        raise EndpointError(f"the environment variable {settings.api_key_env}, which should hold the key, is empty.")
    if not (key.isascii() and key.isprintable()):
        # Said here and without the key: the HTTP library's own error would show it.
        raise EndpointError(f"the environment variable {settings.api_key_env} holds signs that no key can have.")
    return key


def _check_endpoint(endpoint: str) -> None:
    # Nothing of the address is shown: it may be the very place where a password stands.
    try:
        parts = urlsplit(endpoint)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        usable = False
    if not usable:
        raise EndpointError("the judge's endpoint is no http or https address, such as http://localhost:8000/v1.")
    if "@" in parts.netloc or parts.query or parts.fragment:
        raise EndpointError(
            "the judge's endpoint holds a password or parameters. Give the plain address, "
            "put the key in an environment variable and name that variable."
        )
