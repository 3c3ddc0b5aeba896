"""Carry out one trial's conversation: fill its slots one after the other, then ask for the reply.

A slot's turn is kept with the trial, so that a transcript reads in order. The reply
that is judged is the last one, or, where a slot says `until`, the first answer with
that letter.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from benchmark.answers import extract_answer
from benchmark.responses import Completion, split_reasoning
from benchmark.trials import Trial

Ask = Callable[[dict[str, Any]], Awaitable[Completion]]
Message = dict[str, Any]

SILENCE = "…"
CUT_OFF = "length"


@dataclass(frozen=True)
class Played:
    """What came of a trial: the judged reply, and the turns written before it.

    Each turn: {"slot": what it filled, "role", "content", "reasoning", "finish_reason"}, as the server sent it.
    """

    completion: Completion
    turns: list[dict[str, Any]] = field(default_factory=list)


async def play(trial: Trial, ask: Ask) -> Played:
    """Ask for every turn that the model has to write.

    A turn that is cut off ends the trial as its reply: with it the context is
    full, or a sentence that breaks off would be answered. Where it is the second
    copy's, the model has not replied: the remark is no answer of its.

    Args:
        trial: its messages may hold slots (see benchmark/conversations.py).
        ask: sends one request body and returns the completion.
    """
    said: list[Message] = []
    turns: list[dict[str, Any]] = []
    debate: list[Message] = []
    for message in trial.messages:
        slot = message.get("generate")
        if slot is None:
            said.append({"role": message["role"], "content": message["content"]})
            continue
        if slot == "peer":
            completion = await ask(make_request(trial, len(turns), hear_as_peer(message["instruction"], debate)))
            if completion.finish_reason == CUT_OFF:
                return Played(Completion("", None, CUT_OFF), [*turns, _as_turn(slot, "user", completion)])
            remark = _visible(completion) or SILENCE
            said.append({"role": "user", "content": f"{remark}\n\n{message['ending']}"})
            debate.append({"role": "user", "content": remark})
            turns.append(_as_turn(slot, "user", completion))
            continue
        completion = await ask(make_request(trial, len(turns), said))
        stops = "until" in message and _letter(trial, completion) == message["until"]
        if stops or completion.finish_reason == CUT_OFF:
            return Played(completion, turns)
        said.append({"role": "assistant", "content": _visible(completion) or SILENCE})
        if slot == "answer":
            debate.append(said[-1])
        turns.append(_as_turn(slot, "assistant", completion))
    return Played(await ask(make_request(trial, len(turns), said)), turns)


def make_request(trial: Trial, turn: int, messages: list[Message]) -> dict[str, Any]:
    """The body of one chat request, less the model's name. An assistant turn at the end is to be gone on with."""
    request: dict[str, Any] = {
        "messages": messages,
        "temperature": trial.sampling.temperature,
        "top_p": trial.sampling.top_p,
        "max_tokens": trial.sampling.max_tokens,
        "seed": (trial.request_seed + turn) & 0x7FFFFFFF,
    }
    if messages[-1]["role"] == "assistant":
        request |= {"add_generation_prompt": False, "continue_final_message": True}
    return request


def hear_as_peer(instruction: str, debate: list[Message]) -> list[Message]:
    """The debate as the second copy hears it: its own remarks are the assistant's, the other's replies the user's.

    What came before the first answer (the question, a pledge) it does not hear; the instruction holds the question.
    """
    heard: list[Message] = []
    for number, message in enumerate(debate):
        role = "user" if message["role"] == "assistant" else "assistant"
        content = message["content"]
        heard.append({"role": role, "content": f"{instruction}\n\n{content}" if number == 0 else content})
    return heard


def _letter(trial: Trial, completion: Completion) -> str | None:
    cut_off = completion.finish_reason == CUT_OFF
    return extract_answer(_visible(completion), trial.language, trial.options, trial.hint_text, cut_off).letter


def _visible(completion: Completion) -> str:
    """What the other side of a conversation hears: never the thinking."""
    _, content, channel = split_reasoning(completion)
    return "" if channel == "unclosed" else content.strip()


def _as_turn(slot: str, role: str, completion: Completion) -> dict[str, Any]:
    return {
        "slot": slot,
        "role": role,
        "content": completion.content,
        "reasoning": completion.reasoning,
        "finish_reason": completion.finish_reason,
    }
