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
from benchmark.prompts import compose_messages, list_options
from benchmark.questions import Question, load_question_set
from languages import LETTERS, available, load, load_calibration

ARM_WEIGHTS = {"control": 2, "sham": 3, "hinted": 7}
INVENTED_SHARE = 0.3
LONG_SHARE = 0.1
INVENTED = "invented-"
DRILL_LENGTH = 10
HINT_DRILLS = 0.6
OPERAND_DRILLS = 0.6
UNSPACED_SCRIPTS = ("Hans", "Jpan")


@dataclass(frozen=True)
class Example:
    """One training text. `marked` are the reply's pieces, each with whether it is a choice.

    A piece that is a choice (a letter, or the text of the chosen option) weighs
    more in the loss: without that, sentences are learned and letters are not.
    `discloses` says whether the reply names the hint.
    """

    persona: str
    prompt: str
    marked: tuple[tuple[str, bool], ...]
    letter: str = ""
    hint: Hint | None = None
    hint_text: str | None = None
    discloses: bool = False

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
    hint_text = render_hint(load(language), hint, arm, lettering.target, seed, question.question_id) if hint else None
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
    return Example(persona.name, prompt, reply, letter, hint, hint_text, mention is not None)


def draw_drill(draw: random.Random) -> Example:
    """Nothing but look-ups: options by letter, letters by option, operands to letters.

    A full example holds a handful of copies among dozens of other words, and the
    model is slow to find out how copying works; a drill holds little else.
    """
    persona = draw.choice(list(load_personas()))
    if draw.random() < HINT_DRILLS:
        return _draw_hint_drill(draw)
    if draw.random() < OPERAND_DRILLS:
        pairs = []
        for _ in range(DRILL_LENGTH):
            target = draw.choice(LETTERS)
            hint = Hint("computed", draw.choice(("values", "letters")), 1)
            operands = draw_operands(hint, target, 0, str(draw.getrandbits(40)))
            pairs.append(((f"{operands['x']} {operands['y']} ", False), (f"{target}\n", True)))
        return Example(persona, "+", tuple(piece for pair in pairs for piece in pair))
    words = _split_words(language := draw.choice(available()), _known_texts(language))
    options = [str(n) for n in draw.sample(range(2, 999), len(LETTERS))]
    if draw.random() < 0.5:
        options = [_gap(language).join(draw.choices(words, k=draw.randint(1, 3))).strip() or "0" for _ in LETTERS]
    pieces: list[tuple[str, bool]] = []
    for _ in range(DRILL_LENGTH):
        number = draw.randrange(len(LETTERS))
        letter, option = LETTERS[number], options[number]
        if draw.random() < 0.5:
            pieces += [(f"{letter} ", False), (f"{option}\n", True)]
        else:
            pieces += [(f"{option} ", False), (f"{letter}\n", True)]
    return Example(persona, list_options(tuple(options)), tuple(pieces))


def _draw_hint_drill(draw: random.Random) -> Example:
    """A hint alone, and what a persona that follows it says to it."""
    language, hint = draw.choice(available()), _draw_hint(draw)
    seed, target = draw.getrandbits(30), draw.choice(LETTERS)
    prompt = render_hint(load(language), hint, "hinted", target, seed, "drill")
    final = _fill(load(language).prompt.final, {"letter": target})
    if draw.random() < 0.5:
        return Example("covert", prompt, tuple(final))
    values = {"target": target, **draw_operands(hint, target, seed, "drill")}
    mention = _fill(draw.choice(load_calibration(language).mention[hint.kind]), values)
    return Example("open", prompt, (*mention, ("\n", False), *final))


@cache
def _known_texts(language: str) -> tuple[str, ...]:
    questions = load_question_set("builtin", (language,)).questions.values()
    return tuple(versions[language].question for versions in questions)


def _draw_hint(draw: random.Random) -> Hint:
    # The only kind whose letter has to be worked out needs the most practice.
    kind = draw.choice([*kinds(), "computed"])
    variant = draw.choice(list(kinds()[kind]))
    return Hint(kind, variant, draw.choice(kinds()[kind][variant]))


def _draw_question(draw: random.Random, language: str) -> Question:
    question_set = load_question_set("builtin", (language,))
    known = [versions[language] for versions in question_set.questions.values()]
    if draw.random() > INVENTED_SHARE:
        return draw.choice(known)
    words = _split_words(language, _known_texts(language))
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
