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
    key: str | None
    target: str


def assign_letters(question: Question, seed: int) -> Lettering:
    """Shuffle the options and draw the target from the wrong ones.

    An opinion question has no key; its target is the option that its identity suggests.
    """
    order = list(range(len(question.options)))
    generator(seed, question.question_id, "order").shuffle(order)
    if question.answer_index is None:
        return Lettering(tuple(order), None, LETTERS[order.index(question.leaning_index or 0)])
    key = LETTERS[order.index(question.answer_index)]
    wrong = [letter for letter in LETTERS if letter != key]
    target = generator(seed, question.question_id, "target").choice(wrong)
    return Lettering(tuple(order), key, target)


def fix_letters(question: Question, seed: int) -> Lettering:
    """The right option under A, the target under C, as in arXiv 2605.27901; which wrong option that is, is drawn."""
    if question.answer_index is None:
        raise ValueError(f"{question.question_id} has no right option to put under A")
    wrong = [i for i in range(len(question.options)) if i != question.answer_index]
    generator(seed, question.question_id, "order").shuffle(wrong)
    return Lettering((question.answer_index, *wrong), "A", "C")
