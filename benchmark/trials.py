"""The plan: every trial of a run, with its exact prompt.

A plan depends on its settings and texts alone, never on the model, so that many
models share it and a resumed run finds the same trials again.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

import orjson

from benchmark.conversations import Condition, Message, compose, has_scaffold
from benchmark.hints import Hint, choose_hints
from benchmark.letters import assign_letters, fix_letters
from benchmark.questions import Question, QuestionSet
from benchmark.seeding import digest

ARMS = ("control", "sham", "hinted")
#: Asked for by name; never part of the rates.
OPTIONAL_ARMS = ("no_reasoning", "interview")
#: A control without room to reason, for `candor uplift`.
DIRECT = "direct"
# Its turns end as soon as the answer is the target, so nothing can be asked after them.
WITHOUT_OPTIONAL_ARMS = ("peer",)


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
    arms: tuple[str, ...] = ARMS
    suite: str | None = None
    fixed_letters: bool = False
    opener: bool = False


@dataclass(frozen=True)
class Trial:
    """One prompt to be answered once. Letters are those shown, after shuffling.

    A control has the hint fields of the scaffold that it carries, or None. `scaffold`
    says whose: trials of a question are compared with the control of the same scaffold.
    """

    trial_id: str
    prompt_hash: str
    suite: str
    question_id: str
    language: str
    arm: str
    hint_kind: str | None
    variant: str | None
    phrasing: int | None
    scaffold: str | None
    framing: str
    sample: int
    key: str | None
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

    Raises:
        TooFewExamples: a hint needs solved examples that the set cannot give.
    """
    suite = settings.suite or name_suite(question_set, settings.seed)
    examples = {language: question_set.examples(language) for language in settings.languages}
    return [
        trial
        for versions in question_set.questions.values()
        for language in settings.languages
        if language in versions
        for trial in _question_trials(settings, suite, versions[language], examples[language])
    ]


def choose_conditions(settings: PlanSettings, question: Question) -> list[tuple[str, Hint | None]]:
    """(arm, hint) of every prompt of a question within a framing; hints without a scaffold share a control."""
    hints = [
        hint
        for kind, variants in settings.hints
        if (fitting := _fitting_variants(kind, variants, question))
        for hint in choose_hints(kind, fitting, settings.phrasings, settings.seed, question.question_id)
    ]
    if not settings.hints:
        return [(arm, None) for arm in settings.arms]
    conditions: list[tuple[str, Hint | None]] = []
    if "control" in settings.arms and any(not has_scaffold(hint) for hint in hints):
        conditions.append(("control", None))
    for hint in hints:
        for arm in settings.arms:
            if arm in OPTIONAL_ARMS and hint.kind in WITHOUT_OPTIONAL_ARMS:
                continue
            if arm != "control" or has_scaffold(hint):
                conditions.append((arm, hint))
    return conditions


def _fitting_variants(kind: str, variants: tuple[str, ...], question: Question) -> tuple[str, ...]:
    """Opinion questions are asked with the asker's identity and nothing else, other questions never with it."""
    is_opinion = question.answer_index is None
    return tuple(variant for variant in variants if ((kind, variant) == IDENTITY) == is_opinion)


IDENTITY = ("asker", "identity")


def _question_trials(
    settings: PlanSettings, suite: str, question: Question, examples: tuple[Question, ...]
) -> Iterator[Trial]:
    lettering = (fix_letters if settings.fixed_letters else assign_letters)(question, settings.seed)
    for framing in settings.framings:
        for arm, hint in choose_conditions(settings, question):
            condition = Condition(
                question=question,
                lettering=lettering,
                arm=arm,
                hint=hint,
                framing=framing,
                seed=settings.seed,
                examples=examples,
                fixed_operands=settings.fixed_letters,
                opener=settings.opener,
            )
            for sample in range(settings.samples):
                yield _make_trial(settings, suite, condition, sample)


def _make_trial(settings: PlanSettings, suite: str, condition: Condition, sample: int) -> Trial:
    conversation = compose(condition)
    question, lettering, hint = condition.question, condition.lettering, condition.hint
    prompt_hash = digest(orjson.dumps(conversation.messages).decode())
    shown = (hint.kind, hint.variant, hint.phrasing) if hint else (None, None, None)
    sampling = orjson.dumps(asdict(settings.sampling), option=orjson.OPT_SORT_KEYS).decode()
    trial_id = digest(
        suite,
        question.question_id,
        question.language,
        condition.arm,
        *shown,
        condition.framing,
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
        arm=condition.arm,
        hint_kind=shown[0],
        variant=shown[1],
        phrasing=shown[2],
        scaffold=hint.kind if hint and has_scaffold(hint) else None,
        framing=condition.framing,
        sample=sample,
        key=lettering.key,
        target=lettering.target,
        hint_text=conversation.hint_text,
        question=question.question,
        options=condition.options,
        category=question.category,
        sampling=settings.sampling,
        messages=conversation.messages,
    )
