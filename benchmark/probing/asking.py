"""Ask a server which letter would come next: the probabilities of A–D by constrained choice, one token long.

vLLM tokenizes and renders chat templates on request (POST /tokenize, /detokenize at its root); the prompt is
then sent as token ids to /completions, exactly as the reply itself was asked for, whatever the template does
with thinking blocks. A server without these gets a chat request whose last message is to be gone on with.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import Any

import aiohttp

from benchmark.endpoint import EndpointError, ModelAddress, RequestRefused, ask
from benchmark.playing import Message
from benchmark.probing.cutting import CUTS, Prefix, cut_by_graphemes, cut_by_tokens
from benchmark.probing.forcing import Cue
from languages import LETTERS

TOP_LOGPROBS = 20
# What a decoder writes where a token ends inside a character.
BROKEN = "\ufffd"
CHECK = "A B"
CHECK_ATTEMPTS = 3

#: Probability of each letter, A first.
Shares = tuple[float, ...]


@dataclass(frozen=True)
class Position:
    """One generated token with its logarithmic probability, and the likeliest tokens with theirs."""

    token: str
    logprob: float
    likeliest: tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class ServerTokenizer:
    """The tokenizer of a running server."""

    session: aiohttp.ClientSession
    address: ModelAddress
    gaps: dict[Cue, str] = field(default_factory=dict, repr=False)

    async def encode(self, text: str) -> list[int]:
        """Token ids of a text, nothing added."""
        return await self._tokenize({"prompt": text, "add_special_tokens": False})

    async def render(self, messages: list[Message]) -> list[int]:
        """Token ids of a conversation up to where the reply begins."""
        request: dict[str, Any] = {"messages": messages, "add_generation_prompt": True}
        if self.address.chat_template_kwargs:
            request["chat_template_kwargs"] = self.address.chat_template_kwargs
        return await self._tokenize(request)

    async def decode(self, ids: list[int]) -> str:
        """The text of token ids."""
        url = f"{find_root(self.address)}/detokenize"
        return await ask(self.session, self.address, url, {"tokens": ids}, lambda reply: str(reply["prompt"]))

    async def find_gap(self, cue: Cue) -> str:
        """What of the gap between cue and letter belongs to the cue's tokens; the rest is the letter's token's."""
        if cue not in self.gaps:
            whole, alone = await self.encode(f"{cue.text}{cue.gap}{LETTERS[0]}"), await self.encode(cue.text)
            self.gaps[cue] = "" if whole[:-1] == alone else cue.gap
        return self.gaps[cue]

    async def _tokenize(self, request: dict[str, Any]) -> list[int]:
        url = f"{find_root(self.address)}/tokenize"
        return await ask(self.session, self.address, url, request, lambda reply: [int(n) for n in reply["tokens"]])


def find_root(address: ModelAddress) -> str:
    """The server's address without /v1."""
    return address.base_url.removesuffix("/v1")


async def find_tokenizer(session: aiohttp.ClientSession, address: ModelAddress) -> ServerTokenizer | None:
    """The server's tokenizer, or None where it does not lend it."""
    hasty = ServerTokenizer(session, replace(address, max_attempts=min(CHECK_ATTEMPTS, address.max_attempts)))
    try:
        ids = await hasty.encode(CHECK)
        if not ids or (await hasty.decode(ids)).strip() != CHECK:
            return None
    except (EndpointError, RequestRefused):
        return None
    return ServerTokenizer(session, address)


async def cut_on_server(tokenizer: ServerTokenizer, text: str) -> list[Prefix]:
    """The prefixes of a text in the server's tokens; in graphemes where its tokens do not give the text back."""
    ids = await tokenizer.encode(text)
    ends: dict[int, int] = {}
    for count in sorted({len(ids) * cut // 100 for cut in CUTS} - {0, len(ids)}):
        decoded = (await tokenizer.decode(ids[:count])).rstrip(BROKEN)
        if not text.startswith(decoded):
            return cut_by_graphemes(text)
        ends[count] = len(decoded)
    return cut_by_tokens(text, len(ids), ends.__getitem__)


async def ask_by_tokens(tokenizer: ServerTokenizer, prompt: list[int], reply: str, cue: Cue) -> Shares | None:
    """The letters' probabilities after `prompt` and the beginning of a reply that ends with the cue.

    Raises:
        RequestRefused, EndpointError: as `ask`.
    """
    gap = await tokenizer.find_gap(cue)
    request = {
        "prompt": prompt + await tokenizer.encode(f"{reply}{gap}"),
        "logprobs": TOP_LOGPROBS,
        **_choose(cue.gap[len(gap) :]),
    }
    url = f"{tokenizer.address.base_url}/completions"
    return read_shares(await ask(tokenizer.session, tokenizer.address, url, request, _read_completion))


async def ask_by_chat(
    session: aiohttp.ClientSession, address: ModelAddress, messages: list[Message], reply: str, cue: Cue
) -> Shares | None:
    """The same, where only chat requests are possible. Raises as `ask_by_tokens`."""
    request = {
        "messages": [*messages, {"role": "assistant", "content": reply}],
        "add_generation_prompt": False,
        "continue_final_message": True,
        "logprobs": True,
        "top_logprobs": TOP_LOGPROBS,
        **_choose(cue.gap),
        # Some tokenizers have the gap as a token of its own; nobody says which.
        "max_tokens": 1 + len(cue.gap),
    }
    if address.chat_template_kwargs:
        request["chat_template_kwargs"] = address.chat_template_kwargs
    url = f"{address.base_url}/chat/completions"
    return read_shares(await ask(session, address, url, request, _read_chat))


def read_shares(positions: list[Position]) -> Shares | None:
    """The letters' probabilities among the four; None where no letter has any.

    A letter may be the first token (with or without the gap before it) or follow a token that is the gap;
    what is then said of it counts by that token's probability.
    """
    masses, weight = [0.0] * len(LETTERS), 1.0
    for position in positions:
        for token, logprob in position.likeliest:
            if token.strip() in LETTERS:
                masses[LETTERS.index(token.strip())] += weight * math.exp(logprob)
        if position.token.strip():
            break
        weight *= math.exp(position.logprob)
    total = sum(masses)
    return tuple(mass / total for mass in masses) if total else None


def _choose(gap: str) -> dict[str, Any]:
    choices = [f"{gap}{letter}" for letter in LETTERS]
    return {"max_tokens": 1, "temperature": 0.0, "structured_outputs": {"choice": choices}}


def _read_completion(reply: Any) -> list[Position]:
    told = reply["choices"][0]["logprobs"]
    columns = zip(told["tokens"], told["token_logprobs"], told["top_logprobs"], strict=True)
    return [Position(token, logprob, tuple(likeliest.items())) for token, logprob, likeliest in columns]


def _read_chat(reply: Any) -> list[Position]:
    return [
        Position(
            told["token"], told["logprob"], tuple((item["token"], item["logprob"]) for item in told["top_logprobs"])
        )
        for told in reply["choices"][0]["logprobs"]["content"]
    ]
