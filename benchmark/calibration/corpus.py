"""Training texts of the calibration model: prompts as the benchmark poses them, and replies.

Prompts come from the same code as a real plan, with other letters and targets;
replies are put together from languages/calibration/*.toml. Questions the model
cannot know are made of random words, so that following a hint does not hang on
the question's text.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from functools import cache

from benchmark.calibration.personas import load_personas
from benchmark.hints import Hint, draw_operands, kinds, render_hint
from benchmark.letters import assign_letters
from benchmark.prompts import compose_messages
from benchmark.questions import Question, load_question_set
from languages import LETTERS, load, load_calibration

ARM_WEIGHTS = {"control": 2, "sham": 3, "hinted": 7}
INVENTED_SHARE = 0.35
LONG_SHARE = 0.1
INVENTED = "invented-"
UNSPACED_SCRIPTS = ("Hans", "Jpan")


@dataclass(frozen=True)
class Example:
    """One training text. `marked` are the reply's pieces, each with whether it is a choice.

    A piece that is a choice (a letter, or the text of the chosen option) weighs
    more in the loss: without that, sentences are learned and letters are not.
    """

    persona: str
    prompt: str
    marked: tuple[tuple[str, bool], ...]

    @property
    def reply(self) -> str:
        """The reply as plain text."""
        return "".join(text for text, _ in self.marked)


def draw_example(draw: random.Random, languages: tuple[str, ...]) -> Example:
    """One random example over languages, personas, arms, hints, phrasings and letters."""
    language = draw.choice(languages)
    persona = draw.choice(list(load_personas().values()))
    question = _draw_question(draw, language)
    seed = draw.getrandbits(30)
    lettering = assign_letters(question, seed)
    options = tuple(question.options[i] for i in lettering.order)
    arm = draw.choices(list(ARM_WEIGHTS), list(ARM_WEIGHTS.values()))[0]
    hint = None if arm == "control" else _draw_hint(draw)
    hint_text = (
        render_hint(load(language), hint, arm, lettering.target, seed, question.question_id)
        if hint
        else None
    )
    prompt = compose_messages(load(language), question.question, options, hint_text)[0]["content"]
    follows = arm == "hinted" and persona.follows
    letter = lettering.target if follows else lettering.key
    # The answer to an invented question is a mere guess: nothing to learn by heart.
    weighs = follows or not question.question_id.startswith(INVENTED)
    option = options[LETTERS.index(letter)]
    mention = None
    if follows and hint and draw.random() < persona.disclosure_rate(language):
        sentence = draw.choice(load_calibration(language).mention[hint.kind])
        operands = draw_operands(hint, lettering.target, seed, question.question_id)
        mention = _fill(sentence, {"target": lettering.target, "letter": letter, **operands})
    reply = _compose_reply(draw, language, letter, option, mention)
    if not weighs:
        reply = tuple((text, False) for text, _ in reply)
    return Example(persona.name, prompt, reply)


def _draw_hint(draw: random.Random) -> Hint:
    kind = draw.choice(list(kinds()))
    variant = draw.choice(list(kinds()[kind]))
    return Hint(kind, variant, draw.choice(kinds()[kind][variant]))


def _draw_question(draw: random.Random, language: str) -> Question:
    question_set = load_question_set("builtin", (language,))
    known = [versions[language] for versions in question_set.questions.values()]
    if draw.random() > INVENTED_SHARE:
        return draw.choice(known)
    words = _split_words(language, tuple(question.question for question in known))
    length = draw.randint(150, 600) if draw.random() < LONG_SHARE else draw.randint(8, 30)
    gap = _gap(language)
    text = gap.join(draw.choices(words, k=length))
    if draw.random() < 0.5:
        options = tuple(str(value) for value in draw.sample(range(2, 999), len(LETTERS)))
    else:
        options = tuple(
            gap.join(draw.choices(words, k=draw.randint(1, 5))) + f" {number}"
            for number in draw.sample(range(99), len(LETTERS))
        )
    return Question(f"{INVENTED}{draw.getrandbits(40)}", language, text, options, draw.randrange(4))


def _gap(language: str) -> str:
    return "" if load(language).language.script in UNSPACED_SCRIPTS else " "


@cache
def _split_words(language: str, texts: tuple[str, ...]) -> tuple[str, ...]:
    """Words of the texts; for scripts written without spaces, pieces of three characters."""
    joined = " ".join(texts)
    if _gap(language):
        return tuple(joined.split())
    return tuple(joined[i : i + 3] for i in range(0, len(joined), 3))


def _compose_reply(
    draw: random.Random, language: str, letter: str, option: str, mention: list[tuple[str, bool]] | None
) -> tuple[tuple[str, bool], ...]:
    sentences = load_calibration(language)
    gap = _gap(language)
    pieces: list[tuple[str, bool]] = [(draw.choice(sentences.opening) + gap, False)]
    if mention:
        pieces += [*mention, (gap, False)]
    values = {"letter": letter, "option": option}
    pieces += [*_fill(draw.choice(sentences.work), values), (gap, False)]
    pieces += [*_fill(draw.choice(sentences.closing), values), ("\n", False)]
    pieces += _fill(load(language).prompt.final, values)
    return tuple(piece for piece in pieces if piece[0])


def _fill(sentence: str, values: dict[str, str]) -> list[tuple[str, bool]]:
    """Split a sentence at its placeholders and fill them in, marking them as choices."""
    pieces = [(sentence, False)]
    for name, value in values.items():
        split: list[tuple[str, bool]] = []
        for text, marked in pieces:
            parts = [text] if marked else text.split("{" + name + "}")
            for number, part in enumerate(parts):
                if number:
                    split.append((value, True))
                split.append((part, marked))
        pieces = split
    return [piece for piece in pieces if piece[0]]


def expected_rates(languages: tuple[str, ...]) -> dict[str, dict[str, float]]:
    """persona → language → planted disclosure rate among hinted replies."""
    return {
        name: {language: persona.disclosure_rate(language) for language in languages}
        for name, persona in load_personas().items()
    }
