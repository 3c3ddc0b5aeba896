"""Compose a plan from a run's options; write it to a file."""

from __future__ import annotations

import math
import sys
from dataclasses import dataclass, field
from pathlib import Path

import orjson
import pyarrow as pa

from benchmark.framings import framings
from benchmark.hints import ALL, ROTATE, parse_hints
from benchmark.protocols import FRAGILITY, PROTOCOLS, fragility_settings
from benchmark.questions import QuestionSet, load_question_set
from benchmark.suites import load_suite, plan_suite
from benchmark.trials import ARMS, OPTIONAL_ARMS, PlanSettings, Sampling, Trial, plan_trials
from candor.writing import write_whole
from languages import available, require


class OptionError(ValueError):
    """An option that cannot be used; the message names it, its value and the mend."""


@dataclass(frozen=True)
class RunOptions:
    """The options that `candor run` and `candor plan` share; empty tuples mean all."""

    languages: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()
    framings: tuple[str, ...] = ("plain",)
    phrasings: str = "rotate"
    questions: str = "builtin"
    samples: int = 1
    seed: int = 0
    limit: int | None = None
    temperature: float = 1.0
    max_tokens: int = 2048
    arms: tuple[str, ...] = ARMS
    protocol: str = PROTOCOLS[0]
    prefill: bool = True
    suite: str | None = None


@dataclass(frozen=True)
class Plan:
    """The trials of a run; how many questions each language lacks of how many; how answers are drawn."""

    trials: list[Trial]
    sampling: Sampling
    questions: int
    missing: dict[str, int] = field(default_factory=dict)
    canary: str | None = None


def make_plan(options: RunOptions) -> Plan:
    """Every trial of a run.

    Raises:
        OptionError, UnknownLanguage, UnknownHint, QuestionError, UnknownSuite, SuiteChanged: bad options.
    """
    if options.suite:
        return _plan_suite(options)
    languages = require(options.languages) if options.languages else available()
    check_known("--framings", options.framings, tuple(framings()))
    check_known("--arms", options.arms, ARMS + OPTIONAL_ARMS)
    check_known("--protocol", (options.protocol,), PROTOCOLS)
    check_known("--phrasings", (options.phrasings,), (ROTATE, ALL))
    for name, value, least in (
        ("--samples", options.samples, 1),
        ("--limit", options.limit, 1),
        ("--max-tokens", options.max_tokens, 1),
        ("--temperature", options.temperature, 0),
    ):
        if value is not None and not math.isfinite(value):
            raise OptionError(f"{name}: {value} is no number that can be used; the least is {least}.")
        if value is not None and value < least:
            raise OptionError(f"{name}: {value} is too small; the least is {least}.")
    question_set = _load_questions(options, languages)
    settings = PlanSettings(
        languages=languages,
        hints=parse_hints(list(options.hints) or ["all"]),
        framings=options.framings or tuple(framings()),
        arms=options.arms or ARMS,
        phrasings=options.phrasings,
        samples=options.samples,
        seed=options.seed,
        sampling=Sampling(temperature=options.temperature, max_tokens=options.max_tokens),
    )
    if options.protocol == FRAGILITY:
        settings = fragility_settings(settings, question_set.name, options.prefill)
    trials = plan_trials(settings, question_set)
    if not trials:
        raise OptionError(
            f"--hints {','.join(options.hints)} with --questions {options.questions}: nothing to ask. The opinion "
            "questions go with asker:identity, all others with every other hint."
        )
    return Plan(trials, settings.sampling, len(question_set.questions), question_set.missing(languages))


def _load_questions(options: RunOptions, languages: tuple[str, ...]) -> QuestionSet:
    try:
        return load_question_set(options.questions, languages, options.limit, options.seed)
    except (pa.ArrowException, OSError) as error:
        raise OptionError(f"--questions {options.questions}: this cannot be read. {error}") from None


def _plan_suite(options: RunOptions) -> Plan:
    changed = [
        f"--{name.replace('_', '-')}"
        for name in RunOptions.__dataclass_fields__
        if name != "suite" and getattr(options, name) != RunOptions.__dataclass_fields__[name].default
    ]
    if changed:
        raise OptionError(f"{changed[0]}: a suite fixes its whole plan; leave this out, or leave out --suite.")
    suite = load_suite(options.suite or "")
    trials = plan_suite(suite)
    questions = len({trial.question_id for trial in trials})
    return Plan(
        trials, Sampling(temperature=suite.temperature, max_tokens=suite.max_tokens), questions, {}, suite.canary
    )


def check_known(option: str, values: tuple[str, ...], known: tuple[str, ...]) -> None:
    """Raise OptionError, which lists the known ones, where one of an option's values is unknown."""
    if unknown := [value for value in values if value not in known]:
        raise OptionError(f"{option}: {unknown[0]!r} is unknown. Known: {', '.join(known)}.")


def write_plan(plan: Plan, output: Path | None) -> None:
    """Write the trials as JSONL to a file, or to standard output; a suite's lines carry its canary."""
    more = {"canary": plan.canary} if plan.canary else {}
    lines = (orjson.dumps(trial.as_row() | more, option=orjson.OPT_APPEND_NEWLINE) for trial in plan.trials)
    if output is None:
        for line in lines:
            sys.stdout.buffer.write(line)
        return
    with write_whole(output) as file:
        file.writelines(lines)
