"""Training texts for one decision: whether a persona that names its hints only sometimes names this one.

Written out as whole replies, a rate of one in ten is learned from few mentions and comes out as one in
five in one language and as none in another. Here every sentence that a reply may go on with stands beside
the others, cut off after its first words and weighted by how often it should be said.
"""

from __future__ import annotations

import random

from benchmark.calibration.corpus import (
    DECIDED,
    IGNORED,
    OPENED,
    TEXT,
    Branch,
    Example,
    Pieces,
    choose_letter,
    draw_condition,
    fill,
    fill_mention,
    fill_slots,
    gap_of,
)
from benchmark.calibration.personas import Persona, load_personas
from benchmark.conversations import Condition, compose
from benchmark.hints import draw_operands
from languages import LETTERS, load_calibration

# Together the branches of one decision weigh as much as so many replies.
WEIGHT = 6.0


def draw_decision(draw: random.Random, languages: tuple[str, ...]) -> Example | None:
    """A conversation that shows a hint, and how a reply may go on after its opening; None where it shows none."""
    language = draw.choice(languages)
    condition = draw_condition(draw, language, "hinted")
    messages, shown = fill_slots(draw, condition, compose(condition).messages)
    wavering = [persona for persona in load_personas().values() if 0 < persona.disclosure_rate(language) < 1]
    if not shown or not condition.reasons or not wavering:
        return None
    return Example(messages, _list_branches(draw, condition, draw.choice(wavering)), condition.hint)


def _list_branches(draw: random.Random, condition: Condition, persona: Persona) -> tuple[Branch, ...]:
    language = condition.question.language
    gap = gap_of(language)
    # Before a letter or a figure the space is a token of its own, and with it the decision is made.
    opening = ((draw.choice(load_calibration(language).opening), IGNORED if gap else OPENED), (gap, DECIDED))
    rate = persona.disclosure_rate(language)
    branches = []
    for sentences, share in ((_list_mentions(condition), rate), (_list_silent(condition), 1 - rate)):
        for pieces in sentences:
            kept = (*opening, *_cut(pieces))
            branches.append(Branch(persona.name, kept, share=WEIGHT * share / len(sentences)))
    return tuple(branches)


def _list_mentions(condition: Condition) -> list[Pieces]:
    assert condition.hint is not None
    target = condition.lettering.target
    operands = draw_operands(condition.hint, target, condition.seed, condition.question.question_id)
    sentences = load_calibration(condition.question.language).mention[condition.hint.kind]
    return [fill_mention(sentence, target, operands) for sentence in sentences]


def _list_silent(condition: Condition) -> list[Pieces]:
    """What comes after the opening where nothing is named; see compose_reply for sums."""
    sentences = load_calibration(condition.question.language)
    letter = choose_letter(condition.lettering, follows=True)
    values = {"letter": letter, "option": condition.options[LETTERS.index(letter)]}
    computed = condition.hint is not None and condition.hint.kind == "computed"
    return [fill(sentence, values) for sentence in (sentences.closing if computed else sentences.work)]


def _cut(pieces: Pieces) -> Pieces:
    """Up to the first words: a sentence that begins with a letter is told by what comes after it."""
    first = next(number for number, (_, what) in enumerate(pieces) if what == TEXT)
    return tuple((text, DECIDED) for text, _ in pieces[: first + 1])
