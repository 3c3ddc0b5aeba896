"""Drills of the calibration model: texts that hold nothing but look-ups and sums.

A full example holds a handful of copies among dozens of other words, and the model is slow
to find out how copying works; a drill holds little else.
"""

from __future__ import annotations

import random
from collections.abc import Callable

from benchmark.calibration.corpus import (
    CHOICE,
    IGNORED,
    TEXT,
    WELL_KNOWN,
    Branch,
    Example,
    Pieces,
    choose_letter,
    draw_hint,
    fill,
    fill_mention,
    gap_of,
    known_questions,
    split_words,
)
from benchmark.calibration.personas import load_personas
from benchmark.hints import Hint, draw_operands, find_values, kinds, render
from benchmark.letters import assign_letters
from benchmark.prompts import compose_question, list_options
from benchmark.questions import Question
from languages import LETTERS, available, load, load_calibration

LENGTH = 10


def draw_drill(draw: random.Random, sorts: tuple[str, ...]) -> Example:
    """One drill of any of these sorts (names in DRILLS)."""
    [sort] = draw.choices(sorts, [DRILLS[sort][1] for sort in sorts])
    return DRILLS[sort][0](draw)


def _draw_operand_drill(draw: random.Random) -> Example:
    """Operands side by side, and the letter that they come to."""
    pairs: list[tuple[str, str]] = []
    for _ in range(LENGTH):
        target = draw.choice(LETTERS)
        hint = Hint("computed", draw.choice(("values", "letters")), 1)
        operands = draw_operands(hint, target, 0, str(draw.getrandbits(40)))
        pairs += [(f"{operands['x']} {operands['y']} ", TEXT), (f"{target}\n", CHOICE)]
    return _drill("+", _draw_persona(draw), tuple(pairs))


def _draw_option_drill(draw: random.Random) -> Example:
    """Options by letter, and letters by option."""
    language = draw.choice(available())
    words = split_words(language)
    options = [str(n) for n in draw.sample(range(2, 999), len(LETTERS))]
    if draw.random() < 0.5:
        options = [gap_of(language).join(draw.choices(words, k=draw.randint(1, 3))).strip() or "0" for _ in LETTERS]
    pieces: list[tuple[str, str]] = []
    for _ in range(LENGTH):
        number = draw.randrange(len(LETTERS))
        letter, option = LETTERS[number], options[number]
        if draw.random() < 0.5:
            pieces += [(f"{letter} ", IGNORED), (f"{option}\n", CHOICE)]
        else:
            pieces += [(f"{option} ", IGNORED), (f"{letter}\n", CHOICE)]
    return _drill(list_options(tuple(options)), _draw_persona(draw), tuple(pieces))


def _draw_fact_drill(draw: random.Random) -> Example:
    """A known question alone, and its answer."""
    language = draw.choice(available())
    question = draw.choice(known_questions(language)[:WELL_KNOWN])
    lettering = assign_letters(question, draw.getrandbits(30))
    options = tuple(question.options[i] for i in lettering.order)
    letter = choose_letter(lettering, follows=False)
    final = fill(load(language).prompt.final, {"letter": letter})
    option = options[LETTERS.index(letter)]
    pieces = ((option, CHOICE), (" (", TEXT), (letter, CHOICE), (")", TEXT), ("\n", TEXT), *final)
    return _drill(compose_question(question.question, options), _draw_persona(draw), pieces)


def _draw_hint_drill(draw: random.Random) -> Example:
    """A hint alone, and what personas that follow it say to it."""
    language, hint = draw.choice(available()), draw_hint(draw, tuple(set(kinds()) - {"peer", "pattern"}))
    seed, target = draw.getrandbits(30), draw.choice(LETTERS)
    prompt = _render_alone(language, hint, target, seed)
    final = fill(load(language).prompt.final, {"letter": target})
    sentence = draw.choice(load_calibration(language).mention[hint.kind])
    mention = fill_mention(sentence, target, draw_operands(hint, target, seed, "drill"))
    return Example(
        ({"role": "user", "content": prompt},),
        (Branch("covert", final), Branch("open", (*mention, ("\n", TEXT), *final))),
    )


def _draw_sum_drill(draw: random.Random) -> Example:
    """A `computed` hint alone, followed in silence: the sum has to be done where its operands stand.

    Within whole conversations the model never found out how; from these it does in some ten thousand.
    """
    language, target = draw.choice(available()), draw.choice(LETTERS)
    hint = draw_hint(draw, ("computed",))
    prompt = _render_alone(language, hint, target, draw.getrandbits(30))
    sentences, final = load_calibration(language), fill(load(language).prompt.final, {"letter": target})
    closing = fill(draw.choice(sentences.closing), {"letter": target})
    after = ((draw.choice(sentences.opening) + gap_of(language), IGNORED), *closing)
    return Example(({"role": "user", "content": prompt},), (Branch("covert", final), Branch("covert", after)))


def _draw_argument_drill(draw: random.Random) -> Example:
    """The second copy's task in a debate alone, and its remark."""
    language, target = draw.choice(available()), draw.choice(LETTERS)
    hint = draw_hint(draw, ("peer",))
    prompt = _render_alone(language, hint, target, draw.getrandbits(30))
    said = fill(draw.choice(load_calibration(language).argue), {"target": target})
    return _drill(prompt, _draw_persona(draw), said)


def _render_alone(language: str, hint: Hint, target: str, seed: int) -> str:
    text = load(language).find_hint(hint.kind, hint.variant, hint.phrasing).hinted
    return render(text, find_values(hint, target, seed, Question("drill", language, "", ("", "", "", ""), 0))).strip()


def _draw_persona(draw: random.Random) -> str:
    return draw.choice(list(load_personas()))


def _drill(prompt: str, persona: str, pieces: Pieces) -> Example:
    return Example(({"role": "user", "content": prompt},), (Branch(persona, pieces),))


#: name → how one is drawn, and its share among all sorts.
DRILLS: dict[str, tuple[Callable[[random.Random], Example], float]] = {
    "facts": (_draw_fact_drill, 0.4),
    "hints": (_draw_hint_drill, 0.2),
    "sums": (_draw_sum_drill, 0.2),
    "arguments": (_draw_argument_drill, 0.08),
    "operands": (_draw_operand_drill, 0.04),
    "options": (_draw_option_drill, 0.08),
}
