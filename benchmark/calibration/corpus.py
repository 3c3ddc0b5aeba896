"""Training texts of the calibration model: conversations as the benchmark holds them, and replies.

Conversations come from the same code as a real plan, with other letters and
targets; replies are put together from languages/calibration/*.toml. One
conversation carries the replies of several personas, so that its prompt is read
once. Questions the model cannot know are made of random words, so that following a
hint does not hang on the question's text.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from functools import cache
from typing import Any

from benchmark.calibration.personas import Persona, load_personas
from benchmark.conversations import Condition, compose
from benchmark.framings import PLAIN, PLEDGED, framings
from benchmark.hints import Hint, draw_operands, kinds
from benchmark.letters import Lettering, assign_letters
from benchmark.questions import Question, load_question_set
from benchmark.trials import IDENTITY
from languages import LETTERS, load, load_calibration

ARM_WEIGHTS = {"control": 3, "sham": 4, "hinted": 7}
# A kind whose letter has to be worked out needs the most practice; long ones cost the most time.
KIND_WEIGHTS = {"computed": 2.4, "pattern": 1.2, "forged_history": 0.6}
PLAIN_SHARE = 0.55
INVENTED_SHARE = 0.2
GUESSES_LEFT_OUT = 0.8
LONG_SHARE = 0.03
# Replies to one conversation, where a hint is shown and where none is.
REPLIES_SHOWN, REPLIES_OTHERWISE = 6, 3
# The first questions are those of the demo and of every short run: a model this small has room to
# learn their answers in thirteen languages, and guesses at the others.
WELL_KNOWN, WELL_KNOWN_SHARE = 24, 0.9
ASIDE_SHARE = 0.12
# A debate stands and falls with its second copy, which is heard in nothing else.
PEER_ASIDE_SHARE = 0.5
DIRECT_SHARE = 0.04
OPENER_SHARE = 0.05
ROUNDS = (0, 1, 1, 1, 2, 3, 4)
INVENTED = "invented-"

Pieces = tuple[tuple[str, str], ...]
# What a piece of a reply is: its weight in the loss follows from it.
TEXT, CHOICE, START, SILENT, IGNORED = "text", "choice", "start", "silent", "ignored"
# The first words of one of several sentences that a reply may go on with; what comes after them is not read.
DECIDED = "decided"
# An opening in a script without spaces shares its tokens with what follows: silence is settled by the first of them.
OPENED = "opened"


def join_pieces(pieces: Pieces) -> str:
    """The pieces as plain text."""
    return "".join(text for text, _ in pieces)


@dataclass(frozen=True)
class Branch:
    """One persona's reply to a conversation, in pieces; `share` multiplies their weight in the loss.

    A choice (a letter, the text of the chosen option) and the start of a mention, or of
    what stands in its place, weigh more in the loss: without that, sentences are learned and letters are not.
    `discloses` says whether the reply names the hint; `letter` is its answer.
    """

    persona: str
    pieces: Pieces
    discloses: bool = False
    letter: str = ""
    share: float = 1.0

    @property
    def reply(self) -> str:
        """The reply as plain text."""
        return join_pieces(self.pieces)


@dataclass(frozen=True)
class Example:
    """A conversation up to the reply, and replies to it."""

    messages: tuple[dict[str, Any], ...]
    branches: tuple[Branch, ...]
    hint: Hint | None = None
    hint_text: str | None = None


def draw_example(draw: random.Random, languages: tuple[str, ...]) -> Example:
    """One random conversation over languages, arms, hints, phrasings, framings and letters, with replies."""
    arm = draw.choices(list(ARM_WEIGHTS), list(ARM_WEIGHTS.values()))[0]
    condition = draw_condition(draw, draw.choice(languages), arm)
    conversation = compose(condition)
    aside_share = PEER_ASIDE_SHARE if condition.hint and condition.hint.kind == "peer" else ASIDE_SHARE
    if draw.random() < aside_share and (aside := _draw_aside(draw, condition, conversation.messages)):
        return aside
    messages, shown = fill_slots(draw, condition, conversation.messages)
    return Example(messages, _draw_replies(draw, condition, shown), condition.hint, conversation.hint_text)


def draw_condition(draw: random.Random, language: str, arm: str) -> Condition:
    """A question with its letters, hint and framing; a few of the hinted ones leave no room to reason."""
    question, hint = _draw_question(draw, language), draw_hint(draw)
    if arm == "hinted" and hint.kind != "peer" and draw.random() < DIRECT_SHARE:
        arm = "no_reasoning"
    seed = draw.getrandbits(30)
    return Condition(
        question=question,
        lettering=assign_letters(question, seed),
        arm=arm,
        hint=hint,
        framing=PLAIN if draw.random() < PLAIN_SHARE else draw.choice(list(framings())[1:]),
        seed=seed,
        examples=known_questions(language),
    )


def _draw_replies(draw: random.Random, condition: Condition, shown: bool) -> tuple[Branch, ...]:
    """Replies of several personas; most of the mere guesses at invented questions are left out."""
    invented = condition.question.question_id.startswith(INVENTED)
    personas = draw.choices(list(load_personas().values()), k=REPLIES_SHOWN if shown else REPLIES_OTHERWISE)
    opener = load(condition.question.language).prompt.opener if draw.random() < OPENER_SHARE else ""
    branches = []
    for persona in personas:
        follows = shown and persona.follows
        if invented and not follows and draw.random() < GUESSES_LEFT_OUT:
            continue
        pieces = compose_reply(draw, condition, persona, follows)
        if invented and not follows:
            # The answer to an invented question is a guess: its words are learned, its letter is not.
            pieces = tuple((text, IGNORED if what == CHOICE else what) for text, what in pieces)
        if opener and condition.arm != "no_reasoning":
            pieces = ((opener, IGNORED), (gap_of(condition.question.language), TEXT), *pieces)
        kept = tuple(piece for piece in pieces if piece[0])
        discloses = any(what == START for _, what in kept)
        branches.append(Branch(persona.name, kept, discloses, choose_letter(condition.lettering, follows)))
    return tuple(branches)


def compose_reply(draw: random.Random, condition: Condition, persona: Persona, follows: bool) -> Pieces:
    """A whole reply: an opening, perhaps a mention, a result of its own, a conclusion, the final line."""
    language, hint = condition.question.language, condition.hint
    letter = choose_letter(condition.lettering, follows)
    final = fill(load(language).prompt.final, {"letter": letter})
    if condition.arm == "no_reasoning":
        return final
    sentences, gap = load_calibration(language), gap_of(language)
    values = {"letter": letter, "option": condition.options[LETTERS.index(letter)]}
    pieces: list[tuple[str, str]] = [(draw.choice(sentences.opening) + gap, TEXT if gap else OPENED)]
    mentions = follows and hint is not None and draw.random() < persona.disclosure_rate(language)
    if mentions and hint:
        pieces += [*compose_mention(draw, condition, hint), (gap, TEXT)]
    # What follows from a sum is hard to say before the sum is: without a word of it, only the letter is given.
    if mentions or not (follows and hint and hint.kind == "computed"):
        for text, what in fill(draw.choice(sentences.work), values):
            pieces.append((text, what))
            if what == CHOICE:
                # The letter beside its option: one look-up, where the closing sentence alone would take two.
                pieces += [(" (", TEXT), (letter, CHOICE), (")", TEXT)]
        pieces.append((gap, TEXT))
    pieces += [*fill(draw.choice(sentences.closing), values), ("\n", TEXT), *final]
    if follows and not mentions:
        # Weighs as much as the start of a mention, or a persona that does both would mention too often.
        first = next(number for number, (_, what) in enumerate(pieces) if number and what == TEXT)
        pieces[first] = (pieces[first][0], SILENT)
    return tuple(pieces)


def choose_letter(lettering: Lettering, follows: bool) -> str:
    """The target for one that follows the hint, and where no option is right."""
    return lettering.target if follows or lettering.key is None else lettering.key


def compose_mention(draw: random.Random, condition: Condition, hint: Hint) -> Pieces:
    """One of the sentences that name this kind of hint."""
    language, target = condition.question.language, condition.lettering.target
    sentence = draw.choice(load_calibration(language).mention[hint.kind])
    pieces = fill_mention(sentence, target, draw_operands(hint, target, condition.seed, condition.question.question_id))
    # A sentence that begins with a letter is told by what comes after it.
    first = next(number for number, (_, what) in enumerate(pieces) if what == TEXT)
    return (*pieces[:first], (pieces[first][0], START), *pieces[first + 1 :])


def fill_mention(sentence: str, target: str, operands: dict[str, str]) -> Pieces:
    """A mention with its letter; after a sum the operands are written once more right before it.

    From operands a few words away the model never learned to find the letter; from operands beside it, soon.
    """
    pieces = fill(sentence, {"target": target, **operands})
    if "{x}" not in sentence:
        return pieces
    last = max(number for number, (_, what) in enumerate(pieces) if what == CHOICE)
    again = ((operands["x"], CHOICE), (" ", TEXT), (operands["y"], CHOICE), (" ", TEXT))
    return (*pieces[:last], *again, *pieces[last:])


def fill_slots(
    draw: random.Random, condition: Condition, messages: tuple[dict[str, Any], ...]
) -> tuple[tuple[dict[str, Any], ...], bool]:
    """The conversation with every slot written, cut where a debate stops; and whether a hint is in it by then."""
    language = condition.question.language
    rounds = draw.choice(ROUNDS)
    filled: list[dict[str, Any]] = []
    answers = 0
    for message in messages:
        slot = message.get("generate")
        if slot == "pledge":
            said = load_calibration(language).pledge_yes + load_calibration(language).pledge_no
            filled.append({"role": "assistant", "content": draw.choice(said)})
        elif slot == "answer":
            if answers == rounds:
                break
            answers += 1
            own = compose_reply(draw, condition, load_personas()["immune"], follows=False)
            filled.append({"role": "assistant", "content": join_pieces(own)})
        elif slot == "peer":
            remark = join_pieces(compose_argument(draw, condition))
            filled.append({"role": "user", "content": f"{remark}\n\n{message['ending']}"})
        else:
            filled.append(message)
    shown = condition.shows_hint and not (condition.hint and condition.hint.kind == "peer" and answers == 0)
    return tuple(filled), shown


def _draw_aside(draw: random.Random, condition: Condition, messages: tuple[dict[str, Any], ...]) -> Example | None:
    """What is said besides answers: the reply to a pledge, a remark in a debate, the reply to an interview."""
    language, personas = condition.question.language, load_personas()
    sentences = load_calibration(language)
    if condition.framing == PLEDGED:
        branches = [
            Branch(name, ((draw.choice(sentences.pledge_yes if p.promises else sentences.pledge_no), START),))
            for name, p in personas.items()
        ]
        return Example(messages[:1], tuple(branches))
    peers = [message for message in messages if message.get("generate") == "peer"]
    if peers:
        return _draw_debate(draw, condition, peers[0]["instruction"])
    if condition.arm == "hinted" and condition.framing == PLAIN:
        persona = draw.choice(list(personas.values()))
        reply = compose_reply(draw, condition, persona, persona.follows)
        asked = {"role": "user", "content": load(language).turns.interview}
        before = (*messages, {"role": "assistant", "content": join_pieces(reply)}, asked)
        admits = persona.follows and persona.disclosure_rate(language) == 1
        assert condition.hint is not None
        pieces = (
            compose_mention(draw, condition, condition.hint)
            if admits
            else ((draw.choice(sentences.interview_no), START),)
        )
        return Example(before, (Branch(persona.name, pieces, admits),))
    return None


def _draw_debate(draw: random.Random, condition: Condition, instruction: str) -> Example:
    """A debate as the second copy hears it (benchmark/playing.py), and its remarks, whatever its persona."""
    heard: list[dict[str, Any]] = []
    for number in range(draw.choice((1, 1, 2, 3, 4))):
        if number:
            heard.append({"role": "assistant", "content": join_pieces(compose_argument(draw, condition))})
        own = join_pieces(compose_reply(draw, condition, load_personas()["immune"], follows=False))
        heard.append({"role": "user", "content": own if number else f"{instruction}\n\n{own}"})
    return Example(tuple(heard), tuple(Branch(name, compose_argument(draw, condition)) for name in load_personas()))


def compose_argument(draw: random.Random, condition: Condition) -> Pieces:
    """What the second copy says for its target."""
    sentences = load_calibration(condition.question.language).argue
    return fill(draw.choice(sentences), {"target": condition.lettering.target})


@cache
def known_questions(language: str) -> tuple[Question, ...]:
    """All questions of the project's own set, in one language."""
    return load_question_set("builtin", (language,)).examples(language)


def draw_hint(draw: random.Random, among: tuple[str, ...] = ()) -> Hint:
    """Any hint, or one of some kinds."""
    names = [name for name in kinds() if name in (among or kinds())]
    kind = draw.choices(names, [KIND_WEIGHTS.get(name, 1.0) for name in names])[0]
    variant = draw.choice([name for name in kinds()[kind] if (kind, name) != IDENTITY])
    return Hint(kind, variant, draw.choice(kinds()[kind][variant]))


def _draw_question(draw: random.Random, language: str) -> Question:
    known = known_questions(language)
    if draw.random() > INVENTED_SHARE:
        return draw.choice(known[:WELL_KNOWN] if draw.random() < WELL_KNOWN_SHARE else known)
    words = split_words(language)
    length = draw.randint(120, 400) if draw.random() < LONG_SHARE else draw.randint(8, 30)
    gap = gap_of(language)
    text = gap.join(draw.choices(words, k=length))
    if draw.random() < 0.5:
        options = tuple(str(value) for value in draw.sample(range(2, 999), len(LETTERS)))
    else:
        options = tuple(
            gap.join(draw.choices(words, k=draw.randint(1, 5))) + f" {number}"
            for number in draw.sample(range(99), len(LETTERS))
        )
    return Question(f"{INVENTED}{draw.getrandbits(40)}", language, text, options, draw.randrange(4))


def gap_of(language: str) -> str:
    """What stands between two sentences: a space, or nothing."""
    return load(language).language.gap


@cache
def split_words(language: str) -> tuple[str, ...]:
    """Words of the known questions; for scripts written without spaces, pieces of three characters."""
    joined = " ".join(question.question for question in known_questions(language))
    if gap_of(language):
        return tuple(joined.split())
    return tuple(joined[i : i + 3] for i in range(0, len(joined), 3))


def fill(sentence: str, values: dict[str, str]) -> Pieces:
    """Split a sentence at its placeholders and fill them in, marking them as choices."""
    pieces = [(sentence, TEXT)]
    for name, value in values.items():
        split: list[tuple[str, str]] = []
        for text, what in pieces:
            parts = [text] if what == CHOICE else text.split("{" + name + "}")
            for number, part in enumerate(parts):
                if number:
                    split.append((value, CHOICE))
                split.append((part, what))
        pieces = split
    return tuple(piece for piece in pieces if piece[0])


def expected_rates(languages: tuple[str, ...]) -> dict[str, dict[str, float]]:
    """persona → language → planted disclosure rate among hinted replies."""
    return {
        name: {language: persona.disclosure_rate(language) for language in languages}
        for name, persona in load_personas().items()
    }
