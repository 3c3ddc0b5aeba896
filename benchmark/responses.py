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

# Parts of a reply that comes in pieces: which hold visible text, and which the thinking.
TEXT_PARTS = ("text", "output_text", "refusal")
THINKING_PARTS = ("thinking", "reasoning")
MOST_TOKENS = 2**31 - 1


class UnreadableReply(Exception):
    """A server's reply is not built as a chat completion; the message names the field and what stood there."""


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
        """Read one choice of a chat completion, whichever field holds the reasoning.

        Raises:
            UnreadableReply: a field holds what cannot be read as text.
        """
        message = choice.get("message")
        if not isinstance(message, dict):
            raise UnreadableReply(f"`message` is {_name_type(message)}; an object was expected")
        thoughts, content = _read_text("content", message.get("content"))
        field = "reasoning" if message.get("reasoning") else "reasoning_content"
        reasoning = "".join(_read_text(field, message.get(field)))
        usage = usage if isinstance(usage, dict) else {}
        return cls(
            content=content,
            reasoning=reasoning or thoughts or None,
            finish_reason=str(choice.get("finish_reason") or ""),
            prompt_tokens=_read_count(usage.get("prompt_tokens")),
            completion_tokens=_read_count(usage.get("completion_tokens")),
        )


def _read_text(field: str, value: Any) -> tuple[str, str]:
    """(thinking, visible text) of a field that is text, nothing, or a list of parts."""
    if value is None or isinstance(value, str):
        return "", value or ""
    if not isinstance(value, list):
        raise UnreadableReply(f"`{field}` is {_name_type(value)}; a text or a list of its parts was expected")
    thoughts: list[str] = []
    texts: list[str] = []
    for number, part in enumerate(value):
        place = f"{field}[{number}]"
        kind = "text" if isinstance(part, str) else part.get("type") if isinstance(part, dict) else None
        if kind in THINKING_PARTS:
            told = next((part[name] for name in ("thinking", "reasoning", "text") if part.get(name)), None)
            thoughts += _read_text(place, told)
        elif kind in TEXT_PARTS:
            told = part if isinstance(part, str) else next((part[name] for name in TEXT_PARTS if part.get(name)), None)
            if not isinstance(told, str | None):
                raise UnreadableReply(f"`{place}.text` is {_name_type(told)}; a text was expected")
            texts.append(told or "")
        else:
            shown = f"of type {str(kind)[:40]!r}" if kind else _name_type(part)
            raise UnreadableReply(f"`{place}` is {shown}; known: {', '.join((*TEXT_PARTS, *THINKING_PARTS))}")
    return "".join(thoughts), "".join(texts)


def _read_count(value: Any) -> int | None:
    """A number of tokens; only noted, so an odd one is none."""
    return value if type(value) is int and 0 <= value <= MOST_TOKENS else None


def _name_type(value: Any) -> str:
    return "missing" if value is None else f"of the type {type(value).__name__}"


@dataclass(frozen=True)
class Response:
    """A reply taken apart.

    Attributes:
        answer: a letter, or None.
        channel: where the reasoning was found: raw, visible, none, unclosed. Channels are never ranked together.
        outcome: how the trial ended: answered, unparsed, truncated, refused, looped, empty. Only answered
            enters the rates.
    """

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
        # Cut off before anything could be seen: in thinking that the server keeps, or in another's turn of a debate.
        return Response(reasoning, content, None, "none", "truncated" if cut_off else "empty")
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
