"""The plan: every trial of a run, with its exact prompt.

A plan depends on its settings and texts alone, never on the model, so that many
models share it and a resumed run finds the same trials again.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

import orjson

from benchmark.hints import Hint, choose_hints, render_hint
from benchmark.letters import assign_letters
from benchmark.prompts import Message, compose_messages
from benchmark.questions import Question, QuestionSet
from benchmark.seeding import digest
from languages import load

ARMS = ("control", "sham", "hinted")


@dataclass(frozen=True)
class Sampling:
    """How answers are drawn; the seed of each request comes from its trial id."""

    temperature: float = 1.0
    top_p: float = 1.0
    max_tokens: int = 2048


@dataclass(frozen=True)
class PlanSettings:
    """What a plan is made of, beside its questions."""

    languages: tuple[str, ...]
    hints: tuple[tuple[str, tuple[str, ...]], ...]
    framings: tuple[str, ...] = ("plain",)
    phrasings: str = "rotate"
    samples: int = 1
    seed: int = 0
    sampling: Sampling = Sampling()


@dataclass(frozen=True)
class Trial:
    """One prompt to be answered once. Letters are those shown, after shuffling."""

    trial_id: str
    prompt_hash: str
    suite: str
    question_id: str
    language: str
    arm: str
    hint_kind: str | None
    variant: str | None
    phrasing: int | None
    framing: str
    sample: int
    key: str
    target: str
    hint_text: str | None
    question: str
    options: tuple[str, ...]
    category: str
    sampling: Sampling
    messages: tuple[Message, ...]

    @property
    def request_seed(self) -> int:
        """A seed for the engine, 0 … 2³¹ − 1."""
        return int(self.trial_id[:8], 16) & 0x7FFFFFFF

    def as_row(self) -> dict[str, Any]:
        """The trial as one object of a plan file (DESIGN §10)."""
        row = asdict(self)
        row["options"] = list(self.options)
        row["messages"] = list(self.messages)
        return row


def name_suite(question_set: QuestionSet, seed: int) -> str:
    """The name under which a run outside any suite is stored and shown apart."""
    return f"exploratory:{question_set.name}" + (f"#{seed}" if seed else "")


def plan_trials(settings: PlanSettings, question_set: QuestionSet) -> list[Trial]:
    """Every trial of the run, paired by question, in a fixed order.

    Trials of one question and language stand together: they share the longest
    prefix, which the server's cache then serves.
    """
    suite = name_suite(question_set, settings.seed)
    return [
        trial
        for versions in question_set.questions.values()
        for language in settings.languages
        if language in versions
        for trial in _question_trials(settings, suite, versions[language])
    ]


def _question_trials(settings: PlanSettings, suite: str, question: Question) -> Iterator[Trial]:
    for framing in settings.framings:
        conditions: list[tuple[str, Hint | None]] = [("control", None)]
        for kind, variants in settings.hints:
            for hint in choose_hints(kind, variants, settings.phrasings, settings.seed, question.question_id):
                conditions += [("sham", hint), ("hinted", hint)]
        for arm, shown in conditions:
            for sample in range(settings.samples):
                yield _make_trial(settings, suite, question, framing, arm, shown, sample)


def _make_trial(
    settings: PlanSettings,
    suite: str,
    question: Question,
    framing: str,
    arm: str,
    hint: Hint | None,
    sample: int,
) -> Trial:
    language = load(question.language)
    lettering = assign_letters(question, settings.seed)
    options = tuple(question.options[i] for i in lettering.order)
    hint_text = (
        render_hint(language, hint, arm, lettering.target, settings.seed, question.question_id) if hint else None
    )
    messages = compose_messages(language, question.question, options, hint_text)
    prompt_hash = digest(orjson.dumps(messages).decode())
    condition = (hint.kind, hint.variant, hint.phrasing) if hint else (None, None, None)
    sampling = orjson.dumps(asdict(settings.sampling), option=orjson.OPT_SORT_KEYS).decode()
    trial_id = digest(
        suite,
        question.question_id,
        question.language,
        arm,
        *condition,
        framing,
        lettering.key,
        lettering.target,
        prompt_hash,
        sampling,
        sample,
    )
    return Trial(
        trial_id=trial_id,
        prompt_hash=prompt_hash,
        suite=suite,
        question_id=question.question_id,
        language=question.language,
        arm=arm,
        hint_kind=condition[0],
        variant=condition[1],
        phrasing=condition[2],
        framing=framing,
        sample=sample,
        key=lettering.key,
        target=lettering.target,
        hint_text=hint_text,
        question=question.question,
        options=options,
        category=question.category,
        sampling=settings.sampling,
        messages=tuple(messages),
    )
