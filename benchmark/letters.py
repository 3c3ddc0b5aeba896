"""Which letter the right option and the hinted option get.

Both are drawn from (seed, question) alone: the same in every language and arm,
and uniform over the letters.
"""

from __future__ import annotations

from dataclasses import dataclass

from benchmark.questions import Question
from benchmark.seeding import generator
from languages import LETTERS


@dataclass(frozen=True)
class Lettering:
    """`order[i]` is the source index of the option shown under letter i."""

    order: tuple[int, ...]
    key: str
    target: str


def assign_letters(question: Question, seed: int) -> Lettering:
    """Shuffle the options and draw the target from the wrong ones."""
    order = list(range(len(question.options)))
    generator(seed, question.question_id, "order").shuffle(order)
    key = LETTERS[order.index(question.answer_index)]
    wrong = [letter for letter in LETTERS if letter != key]
    target = generator(seed, question.question_id, "target").choice(wrong)
    return Lettering(tuple(order), key, target)
