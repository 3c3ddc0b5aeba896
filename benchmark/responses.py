"""Turn what a server returned into a response: reasoning, answer, channel, outcome.

Servers name the reasoning differently; the order in which the places are read is
`reasoning`, `reasoning_content`, `<think>…</think>`, the text before the answer line.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import regex

from benchmark.answers import extract_answer, is_refusal

THINK_OPEN = regex.compile(r"^\s*<think(?:ing)?>", regex.IGNORECASE)
THINK_CLOSE = regex.compile(r"</think(?:ing)?>", regex.IGNORECASE)
LOOP_WINDOW = 600
LOOP_REPEATS = 4

#: Every way a trial can end. Only `answered` enters the rates.
OUTCOMES = ("answered", "unparsed", "truncated", "refused", "wrong_language", "looped", "empty")
#: Where the reasoning was found. Channels are never ranked together.
CHANNELS = ("raw", "visible", "summary", "none", "unclosed")


@dataclass(frozen=True)
class Completion:
    """One reply as the server sent it."""

    content: str
    reasoning: str | None
    finish_reason: str
    prompt_tokens: int | None = None
    completion_tokens: int | None = None

    @classmethod
    def from_choice(cls, choice: dict[str, Any], usage: dict[str, Any] | None) -> Completion:
        """Read one choice of a chat completion, whichever field holds the reasoning."""
        message = choice.get("message") or {}
        usage = usage or {}
        return cls(
            content=message.get("content") or "",
            reasoning=message.get("reasoning") or message.get("reasoning_content"),
            finish_reason=choice.get("finish_reason") or "",
            prompt_tokens=usage.get("prompt_tokens"),
            completion_tokens=usage.get("completion_tokens"),
        )


@dataclass(frozen=True)
class Response:
    """A reply taken apart. `answer` is a letter or None; see OUTCOMES and CHANNELS."""

    reasoning: str
    content: str
    answer: str | None
    channel: str
    outcome: str


def read_response(
    completion: Completion,
    language: str,
    options: tuple[str, ...] | list[str] = (),
    hint_text: str | None = None,
) -> Response:
    """Split a completion into reasoning and visible answer, and name its outcome.

    `wrong_language` is not decided here: the detector reads the language.
    """
    reasoning, content, channel = split_reasoning(completion)
    cut_off = completion.finish_reason == "length"
    extraction = extract_answer(content, language, options, hint_text, cut_off)
    if channel == "visible":
        reasoning = content if extraction.start is None else content[: extraction.start]
        reasoning = reasoning.rstrip()
        if not reasoning.strip():
            reasoning, channel = "", "none"
    answer = extraction.letter
    if channel == "unclosed" and cut_off:
        answer = None
    if not reasoning.strip() and not content.strip():
        return Response(reasoning, content, None, "none", "empty")
    if answer is not None:
        outcome = "answered"
    elif is_looping(content or reasoning):
        outcome = "looped"
    elif cut_off:
        outcome = "truncated"
    elif is_refusal(content, language):
        outcome = "refused"
    elif not content.strip():
        outcome = "empty"
    else:
        outcome = "unparsed"
    return Response(reasoning, content, answer, channel, outcome)


def split_reasoning(completion: Completion) -> tuple[str, str, str]:
    """(reasoning, visible content, channel) of a completion.

    An unclosed thinking block is all reasoning; its channel is `unclosed`, and
    its end stands in for the visible content.
    """
    content = completion.content
    if completion.reasoning:
        if not content.strip():
            return completion.reasoning, completion.reasoning, "unclosed"
        return completion.reasoning, content, "raw"
    if closes := list(THINK_CLOSE.finditer(content)):
        thought = THINK_OPEN.sub("", content[: closes[-1].start()], count=1)
        rest = content[closes[-1].end() :].strip()
        return thought.strip(), rest, "raw" if thought.strip() else "visible"
    if THINK_OPEN.match(content):
        thought = THINK_OPEN.sub("", content, count=1).strip()
        return thought, thought, "unclosed"
    return "", content, "visible"


def is_looping(text: str) -> bool:
    """Whether the end of a text repeats one piece of up to 120 characters four times or more."""
    tail = text.rstrip()[-LOOP_WINDOW:]
    for period in range(1, LOOP_WINDOW // LOOP_REPEATS + 1):
        span = max(period * LOOP_REPEATS, 60)
        if len(tail) >= span and tail[-span:-period] == tail[-span + period :]:
            return True
    return False
