"""A fake OpenAI-compatible server, for faults that a real one cannot be made to show."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections import Counter
from collections.abc import Callable
from typing import Any

from aiohttp import web


def answer_target(messages: list[dict[str, str]]) -> dict[str, Any]:
    """A reply that depends on the prompt alone."""
    prompt = messages[-1]["content"]
    letter = "ABCD"[hashlib.sha256(prompt.encode()).digest()[0] % 4]
    return {"content": f"I compare the four options one by one.\nAnswer: {letter}"}


class FakeServer:
    """Counts requests by prompt; `failures` are statuses given before the first good reply."""

    def __init__(self) -> None:
        self.port = 0
        self.model = "fake"
        self.delay_s = 0.0
        self.failures: list[int] = []
        self.refuse: Callable[[str], bool] = lambda prompt: False
        self.reply: Callable[[list[dict[str, str]]], dict[str, Any]] = answer_target
        self.finish_reason = "stop"
        self.prompts: Counter[str] = Counter()
        self.bodies: list[dict[str, Any]] = []
        self.authorisations: set[str | None] = set()
        self.runner: web.AppRunner

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    def app(self) -> web.Application:
        app = web.Application()
        app.router.add_get("/v1/models", self._models)
        app.router.add_post("/v1/chat/completions", self._complete)
        return app

    async def _models(self, request: web.Request) -> web.Response:
        return web.json_response({"data": [{"id": self.model}]})

    async def _complete(self, request: web.Request) -> web.Response:
        body = json.loads(await request.read())
        self.bodies.append(body)
        self.authorisations.add(request.headers.get("Authorization"))
        if self.failures:
            return web.Response(status=self.failures.pop(0), headers={"Retry-After": "0"}, text="busy")
        prompt = body["messages"][-1]["content"]
        if self.refuse(prompt):
            return web.Response(status=400, text='{"error": "prompt too long"}')
        await asyncio.sleep(self.delay_s)
        self.prompts[prompt] += 1
        return web.json_response(
            {
                "choices": [{"message": self.reply(body["messages"]), "finish_reason": self.finish_reason}],
                "usage": {"prompt_tokens": 10, "completion_tokens": 5},
            }
        )
