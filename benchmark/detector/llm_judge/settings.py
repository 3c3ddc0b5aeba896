"""Which model judges, where it answers, and how patiently it is asked."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from benchmark import access


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
        access.check_address("the judge's endpoint", self.endpoint)
        for name in ("timeout", "attempts", "concurrency", "network_attempts", "max_tokens"):
            if not getattr(self, name) > 0:
                raise ValueError(f"{name}: {getattr(self, name)} is too small; it must be above 0.")


def read_key(settings: JudgeSettings) -> str | None:
    """The key from its environment variable, or None where none is needed.

    Raises:
        EndpointError: the variable is empty, or holds what cannot be sent in a header.
    """
    return access.read_key(settings.api_key_env)
