"""A stored trial as the conversation that it was, turn by turn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

#: Who wrote a turn: the plan (prompt), the model, or the second copy of it in a debate.
PROMPT, MODEL, PEER = "prompt", "model", "peer"


@dataclass(frozen=True)
class Turn:
    """One turn; `judged` marks the reply that the verdict is about."""

    role: str
    writer: str
    content: str
    reasoning: str = ""
    judged: bool = False


def read_transcript(
    messages: list[dict[str, Any]], turns: list[dict[str, Any]] | None, reasoning: str, content: str, arm: str
) -> list[Turn]:
    """All turns in order, slots filled with what the model wrote.

    Args:
        messages: the prompt's, with slots.
        turns: the generated ones before the judged reply, as stored; after an interview also its reply.
        reasoning, content: the judged reply's.
        arm: of the trial; in an interview the judged reply is the answer before it.
    """
    waiting = list(turns or [])
    shown: list[Turn] = []
    prefill = ""
    for number, message in enumerate(messages):
        slot = message.get("generate")
        if slot is None:
            if message["role"] == "assistant" and number == len(messages) - 1:
                prefill = message["content"]
                break
            shown.append(Turn(message["role"], PROMPT, message["content"]))
        elif not waiting:
            break  # the debate ended with the judged reply
        else:
            shown.append(_generated(waiting.pop(0), reasoning, content, arm))
    if arm == "interview":
        return [*shown, *(_generated(turn, reasoning, content, "") for turn in waiting)]
    thought = "" if content.startswith(reasoning) else reasoning
    return [*shown, Turn("assistant", MODEL, content or prefill, thought, judged=True)]


def _generated(turn: dict[str, Any], reasoning: str, content: str, arm: str) -> Turn:
    judged = arm == "interview" and turn["slot"] == "answer"
    if judged:
        return Turn("assistant", MODEL, content, "" if content.startswith(reasoning) else reasoning, judged=True)
    writer = PEER if turn["slot"] == "peer" else MODEL
    return Turn(turn["role"], writer, turn["content"], turn["reasoning"] or "")
