"""Suites: named, versioned, frozen plans. Numbers of one suite compare among themselves alone.

Each `NAME.toml` beside this file says what is asked and holds the fingerprint of
every prompt that follows from it. A changed text changes the fingerprint, and then
the suite needs a new name: what was measured before stays comparable.
"""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from benchmark.hints import parse_hints
from benchmark.questions import load_question_set
from benchmark.seeding import digest
from benchmark.trials import ARMS, PlanSettings, Sampling, Trial, plan_trials
from languages import require

FOLDER = Path(__file__).parent


class UnknownSuite(ValueError):
    """A suite that has no file."""


class SuiteChanged(ValueError):
    """The texts at hand are not those that the suite was frozen with."""


class Part(BaseModel):
    """One block of a suite: these questions with these hints under these framings."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    questions: str
    limit: int | None = None
    hints: tuple[str, ...]
    framings: tuple[str, ...] = ("plain",)


class Suite(BaseModel):
    """A frozen plan."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    about: str
    canary: str = Field(description="a string by which a model trained on this suite's texts can be told")
    languages: tuple[str, ...]
    seed: int
    samples: int = 1
    temperature: float = 1.0
    max_tokens: int
    part: tuple[Part, ...]
    trials: int
    fingerprint: str


@cache
def suite_names() -> tuple[str, ...]:
    """All suites that have a file."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.toml")))


def load_suite(name: str) -> Suite:
    """The suite as frozen. Raises UnknownSuite."""
    if name not in suite_names():
        raise UnknownSuite(f"--suite {name}: unknown. Known: {', '.join(suite_names())}.")
    return Suite.model_validate(tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8")))


def plan_suite(suite: Suite, check: bool = True) -> list[Trial]:
    """Every trial of the suite, part after part; what two parts share stands once.

    Args:
        suite: as frozen.
        check: compare with the fingerprint.

    Raises:
        SuiteChanged: the prompts are not those that the suite was frozen with.
    """
    languages = require(suite.languages)
    trials: dict[str, Trial] = {}
    for part in suite.part:
        settings = PlanSettings(
            languages=languages,
            hints=parse_hints(list(part.hints)),
            framings=part.framings,
            samples=suite.samples,
            seed=suite.seed,
            sampling=Sampling(temperature=suite.temperature, max_tokens=suite.max_tokens),
            arms=ARMS,
            suite=suite.name,
        )
        question_set = load_question_set(part.questions, languages, part.limit, suite.seed)
        trials |= {trial.trial_id: trial for trial in plan_trials(settings, question_set)}
    planned = list(trials.values())
    if check and fingerprint_of(planned) != suite.fingerprint:
        raise SuiteChanged(
            f"--suite {suite.name}: the texts in languages/ are not those it was frozen with, so its numbers would not "
            "compare with others of that name. Use the Candor that it came with, or a newer suite."
        )
    return planned


def fingerprint_of(trials: list[Trial]) -> str:
    """A hash over every trial's id, and so over every prompt, letter and setting."""
    return digest(*sorted(trial.trial_id for trial in trials), length=32)
