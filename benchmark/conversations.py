"""The turns of one trial: where a hint stands, and what stands around it.

Most hints stand after the options. Some need a structure of their own: an earlier
turn of the assistant, solved examples, forged turns, a debate. Such a structure is
a scaffold: every arm carries it, so that only the hint itself differs.

Turns that the model has to write are slots:

    {"role": "assistant", "generate": "pledge"}   its reply to the pledge
    {"role": "assistant", "generate": "answer"}   an answer that the conversation goes on from;
                                                  with "until": letter, an answer with this letter ends it
    {"role": "user", "generate": "peer", "instruction": …}   written by a second copy of the model
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from benchmark.framings import PLEDGED, render_framing
from benchmark.hints import REFERENCE_LANGUAGE, Hint, find_values, render
from benchmark.letters import Lettering, assign_letters
from benchmark.prompts import compose_question, instruct
from benchmark.questions import Question, QuestionError
from benchmark.seeding import generator
from languages import LETTERS, HintText, Language, load

Message = dict[str, Any]

PEER_TURNS = 5
FORGED_TURNS = 3
EXAMPLES = len(LETTERS)
WITH_SENTENCE = ("sentence", "both")
WITH_ACTIONS = ("actions", "both")


class TooFewExamples(QuestionError):
    """A question set too small to take solved examples from."""


@dataclass(frozen=True)
class Condition:
    """Everything that the text of one trial depends on.

    `hint` is None in the control of hints that have no scaffold; a scaffold's own
    control has the hint whose scaffold it carries, and the arm "control".
    """

    question: Question
    lettering: Lettering
    arm: str
    hint: Hint | None
    framing: str
    seed: int
    examples: tuple[Question, ...] = ()
    fixed_operands: bool = False
    opener: bool = False

    @property
    def language(self) -> Language:
        """The language it is asked in."""
        return load(self.question.language)

    @property
    def options(self) -> tuple[str, ...]:
        """The options as shown, A first."""
        return tuple(self.question.options[i] for i in self.lettering.order)

    @property
    def text(self) -> HintText:
        """The language's table for this hint."""
        if self.hint is None:
            raise ValueError("the control arm has no hint")
        return self.language.find_hint(self.hint.kind, self.hint.variant, self.hint.phrasing)

    @property
    def shows_hint(self) -> bool:
        """Whether the hint points to the target here."""
        return self.arm in ("hinted", "no_reasoning", "interview")

    @property
    def reasons(self) -> bool:
        """Whether there is room to reason before the answer."""
        return self.arm not in ("no_reasoning", "direct")


@dataclass(frozen=True)
class Conversation:
    """The messages of a trial, and its hint as a text of its own (None in the control arm)."""

    messages: tuple[Message, ...]
    hint_text: str | None


def has_scaffold(hint: Hint) -> bool:
    """Whether a hint brings a structure that its control must carry too."""
    return load(REFERENCE_LANGUAGE).find_hint(hint.kind, hint.variant, hint.phrasing).scaffold is not None


def compose(condition: Condition) -> Conversation:
    """The whole conversation of one trial.

    Raises:
        TooFewExamples: the hint needs solved examples that the set cannot give.
    """
    language = condition.language
    framing = render_framing(language, condition.framing, condition.seed, condition.question.question_id)
    before: list[Message] = []
    if condition.framing == PLEDGED and framing:
        before = [_user(framing), {"role": "assistant", "generate": "pledge"}]
        framing = None
    ending = "\n\n".join(part for part in (framing, instruct(language, condition.reasons)) if part)
    build = STRUCTURES.get(condition.hint.kind, _after_options) if condition.hint else _after_options
    conversation = build(condition, ending)
    after: list[Message] = []
    if condition.arm == "interview":
        after = [{"role": "assistant", "generate": "answer"}, _user(language.turns.interview)]
    elif condition.opener:
        after = [_assistant(language.prompt.opener)]
    return Conversation((*before, *conversation.messages, *after), conversation.hint_text)


def _after_options(condition: Condition, ending: str) -> Conversation:
    hint_text = _render(condition)
    return Conversation((_user(_ask(condition, hint_text, ending)),), hint_text)


def _earlier_answer(condition: Condition, ending: str) -> Conversation:
    turns, text = condition.language.turns, condition.text
    asked = compose_question(condition.question.question, condition.options)
    hint_text = _render(condition)
    if hint_text is None:
        messages = (_user(turns.greeting), _assistant(turns.greeting_reply), _user(f"{asked}\n\n{ending}"))
        return Conversation(messages, None)
    again = f"{text.scaffold}\n\n{ending}"
    return Conversation((_user(asked), _assistant(hint_text), _user(again)), hint_text)


def _solved_examples(condition: Condition, ending: str) -> Conversation:
    """Examples with the keys A–D once each, in seeded order; the mark stands at options or after questions."""
    text, mark = condition.text, _render(condition)
    keys = list(LETTERS)
    generator(condition.seed, condition.question.question_id, "pattern").shuffle(keys)
    parts = [text.scaffold]
    for example, key in zip(_choose_examples(condition, EXAMPLES), keys, strict=True):
        lettering = _letter_as(example, key, condition.seed)
        parts.append(_mark(condition, example, lettering, key, mark))
        parts.append(condition.language.prompt.final.replace("{letter}", key))
    asked = _mark(condition, condition.question, condition.lettering, condition.lettering.target, mark)
    messages = (_user("\n\n".join([*filter(None, parts), asked, ending])),)
    return Conversation(messages, f"{text.scaffold}\n\n{asked}" if mark else None)


def _mark(condition: Condition, question: Question, lettering: Lettering, letter: str, mark: str | None) -> str:
    options = [question.options[i] for i in lettering.order]
    text = question.question.strip()
    if mark and condition.shows_hint:
        options[LETTERS.index(letter)] += f" {mark}"
    elif mark:
        text += f" {mark}"
    return compose_question(text, tuple(options))


def _forged_turns(condition: Condition, ending: str) -> Conversation:
    """Three earlier turns in which the assistant took a tip: one or two of the three answers are right."""
    text, hint = condition.text, condition.hint
    assert hint is not None
    draw = generator(condition.seed, condition.question.question_id, "forged")
    messages: list[Message] = []
    if hint.variant in WITH_ACTIONS:
        right = set(draw.sample(range(FORGED_TURNS), draw.choice((1, 2))))
        for number, example in enumerate(_choose_examples(condition, FORGED_TURNS)):
            lettering = assign_letters(example, condition.seed)
            letter = (lettering.key if number in right else None) or lettering.target
            options = tuple(example.options[i] for i in lettering.order)
            tip = render(text.hinted, {"target": letter})
            taken = render(text.forged or "", {"letter": letter})
            final = condition.language.prompt.final.replace("{letter}", letter)
            messages += [
                _user(compose_question(example.question, options, tip, instruct(condition.language))),
                _assistant(f"{taken}\n{final}"),
            ]
    hint_text = _render(condition)
    asked = _ask(condition, hint_text, ending)
    if hint.variant in WITH_SENTENCE:
        asked = f"{text.scaffold}\n\n{asked}"
    return Conversation((*messages, _user(asked)), hint_text)


def _debate(condition: Condition, ending: str) -> Conversation:
    """An answer, then up to five rounds of a remark and an answer; the first answer that is the target ends it."""
    text, target = condition.text, condition.lettering.target
    asked = _ask(condition, text.scaffold, ending)
    hint_text = _render(condition)
    if hint_text is None:
        return Conversation((_user(asked),), None)
    answer = {"role": "assistant", "generate": "answer", "until": target}
    messages: list[Message] = [_user(asked)]
    instruction = f"{hint_text}\n\n{compose_question(condition.question.question, condition.options)}"
    for _ in range(PEER_TURNS):
        messages.append(dict(answer))
        if condition.shows_hint:
            messages.append({"role": "user", "generate": "peer", "instruction": instruction, "ending": ending})
        else:
            messages.append(_user(f"{hint_text}\n\n{ending}"))
    return Conversation(tuple(messages), hint_text)


STRUCTURES: dict[str, Callable[[Condition, str], Conversation]] = {
    "consistency": _earlier_answer,
    "pattern": _solved_examples,
    "forged_history": _forged_turns,
    "peer": _debate,
}
#: Kinds that take solved questions from the set they are asked with.
NEEDS_EXAMPLES = ("pattern", "forged_history")


def _ask(condition: Condition, *more: str | None) -> str:
    return compose_question(condition.question.question, condition.options, *more)


def _render(condition: Condition) -> str | None:
    """The hint's or the sham's text; None in the control arm."""
    if condition.hint is None or condition.arm == "control":
        return None
    text = condition.text
    values = find_values(
        condition.hint,
        condition.lettering.target,
        condition.seed,
        condition.question,
        condition.fixed_operands,
    )
    return render(text.hinted if condition.shows_hint else text.sham, values).strip()


def _choose_examples(condition: Condition, count: int) -> list[Question]:
    others = [item for item in condition.examples if item.question_id != condition.question.question_id]
    if len(others) < count:
        raise TooFewExamples(
            f"the hint kind {condition.hint.kind if condition.hint else ''!r} shows {count} solved questions beside "
            f"each one, and the set has only {len(others)} others in {condition.question.language}"
        )
    ids = sorted(item.question_id for item in others)
    chosen = generator(condition.seed, condition.question.question_id, "examples").sample(ids, count)
    by_id = {item.question_id: item for item in others}
    return [by_id[question_id] for question_id in chosen]


def _letter_as(question: Question, key: str, seed: int) -> Lettering:
    """The question's lettering with its options turned until the right one stands under `key`."""
    order = assign_letters(question, seed).order
    turn = order.index(question.answer_index) - LETTERS.index(key)
    turned = tuple(order[(i + turn) % len(order)] for i in range(len(order)))
    return Lettering(turned, key, key)


def _user(content: str) -> Message:
    return {"role": "user", "content": content}


def _assistant(content: str) -> Message:
    return {"role": "assistant", "content": content}
