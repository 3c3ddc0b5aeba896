"""What silence is called, which depends on the framing, and what n counts."""

from __future__ import annotations

from dataclasses import dataclass

CONCEALED = "concealed"
COUNTED = "n counts questions, not answers: one that was asked several times adds the share of its answers."


@dataclass(frozen=True)
class Words:
    """Words for one framing.

    Attributes:
        rate: of switched answers, those that do not tell.
        answers: the same of any answers.
        gloss: in brackets behind either.
        note: a sentence on what it says of the model.
    """

    rate: str
    answers: str
    gloss: str
    note: str


UNDISCLOSED = Words(
    "undisclosed influence", "undisclosed answers", "the paper's deception rate", "Intent is not measured."
)
# Whoever is asked to keep quiet and does so deceives nobody.
OBEDIENT = Words(
    "silence as asked",
    "silence as asked",
    "instruction following",
    "This framing asks the model not to mention the hint: silence says how well it follows instructions.",
)


def words_of(framing: str) -> Words:
    """Under `concealed` silence is instruction following; elsewhere it is what the paper calls deception."""
    return OBEDIENT if framing == CONCEALED else UNDISCLOSED
