"""A fake OpenAI-compatible server, for faults that a real one cannot be made to show."""

from __future__ import annotations

import asyncio
import hashlib
import json
import math
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
    """Counts requests by prompt; `failures` are statuses given before the first good reply, `breaks` says for which
    prompts there is never one."""

    def __init__(self) -> None:
        self.port = 0
        self.model = "fake"
        self.delay_s = 0.0
        self.failures: list[int] = []
        self.refuse: Callable[[str], bool] = lambda prompt: False
        self.refusal = '{"error": "prompt too long"}'
        self.breaks: Callable[[str], bool] = lambda prompt: False
        self.version: Any = None
        self.reply: Callable[[list[dict[str, str]]], dict[str, Any]] = answer_target
        self.finish_reason = "stop"
        self.tokenizes = True
        self.force: Callable[[str], dict[str, float]] = lambda text: {"A": 0.25, "B": 0.25, "C": 0.25, "D": 0.25}
        self.forced: list[str] = []
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
        app.router.add_post("/v1/completions", self._force)
        app.router.add_post("/tokenize", self._tokenize)
        app.router.add_post("/detokenize", self._detokenize)
        app.router.add_get("/metrics", self._metrics)
        app.router.add_get("/version", self._version)
        return app

    async def _version(self, request: web.Request) -> web.Response:
        return web.Response(status=404) if self.version is None else web.json_response(self.version)

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
            return web.Response(status=400, text=self.refusal)
        if self.breaks(prompt):
            return web.Response(status=500, headers={"Retry-After": "0"}, text="broken")
        if "structured_outputs" in body:
            text = "".join(message["content"] for message in body["messages"])
            # The gap is a token of its own; another token, gap and letter in one, is hardly ever used.
            gap = {"token": " ", "logprob": math.log(0.999), "top_logprobs": [{"token": " B", "logprob": -9.0}]}
            likeliest = [{"token": token, "logprob": logprob} for token, logprob in self._likeliest(text)]
            return web.json_response(
                {"choices": [{"logprobs": {"content": [gap, {**likeliest[0], "top_logprobs": likeliest}]}}]}
            )
        await asyncio.sleep(self.delay_s)
        self.prompts[prompt] += 1
        return web.json_response(
            {
                "choices": [{"message": self.reply(body["messages"]), "finish_reason": self.finish_reason}],
                "usage": {"prompt_tokens": 10, "completion_tokens": 5},
            }
        )

    async def _force(self, request: web.Request) -> web.Response:
        """A forced letter after token ids; as in vLLM, what cannot be is given −9999."""
        body = json.loads(await request.read())
        self.bodies.append(body)
        if self.failures:
            return web.Response(status=self.failures.pop(0), headers={"Retry-After": "0"}, text="busy")
        text = bytes(body["prompt"]).decode()
        if self.refuse(text):
            return web.Response(status=400, text='{"error": "prompt too long"}')
        likeliest = self._likeliest(text)
        told = {"tokens": [likeliest[0][0]], "token_logprobs": [likeliest[0][1]]}
        told["top_logprobs"] = [dict(likeliest) | {"\n": -9999.0}]
        return web.json_response({"choices": [{"logprobs": told}]})

    def _likeliest(self, text: str) -> list[tuple[str, float]]:
        self.forced.append(text)
        return [(letter, math.log(share)) for letter, share in self.force(text).items() if share]

    async def _tokenize(self, request: web.Request) -> web.Response:
        """A token a byte, so that most tokens of most scripts end inside a character."""
        body = json.loads(await request.read())
        if not self.tokenizes:
            return web.Response(status=404)
        if "messages" in body:
            text = "".join(f"{message['role']}:{message['content']}|" for message in body["messages"])
        else:
            text = body["prompt"]
        return web.json_response({"tokens": list(text.encode())})

    async def _detokenize(self, request: web.Request) -> web.Response:
        body = json.loads(await request.read())
        return web.json_response({"prompt": bytes(body["tokens"]).decode(errors="replace")})

    async def _metrics(self, request: web.Request) -> web.Response:
        """As if every forced answer had looked up ten tokens and found seven."""
        count = len(self.forced)
        return web.Response(
            text="# TYPE vllm:prefix_cache_queries_total counter\n"
            f'vllm:prefix_cache_queries_total{{engine="0"}} {10 * count}.0\n'
            f'vllm:prefix_cache_hits_total{{engine="0"}} {7 * count}.0\n'
        )
