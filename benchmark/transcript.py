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
    judged = Turn("assistant", MODEL, content, "" if content.startswith(reasoning) else reasoning, judged=True)
    for number, message in enumerate(messages):
        slot = message.get("generate")
        if slot is None:
            if message["role"] == "assistant" and number == len(messages) - 1:
                break  # a prefill: the judged reply begins with it
            shown.append(Turn(message["role"], PROMPT, message["content"]))
        elif not waiting:
            break  # the debate ended with the judged reply
        else:
            turn = waiting.pop(0)
            shown.append(judged if (arm, slot) == ("interview", "answer") else _generated(turn))
    return [*shown, *map(_generated, waiting)] if arm == "interview" else [*shown, judged]


def _generated(turn: dict[str, Any]) -> Turn:
    writer = PEER if turn["slot"] == "peer" else MODEL
    return Turn(turn["role"], writer, turn["content"], turn["reasoning"] or "")
