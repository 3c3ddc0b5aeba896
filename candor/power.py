"""`candor power`: how many questions an interval width or a difference needs, and how many trials that is."""

from __future__ import annotations

import sys
from dataclasses import asdict, dataclass
from math import ceil

import orjson
from rich.console import Console
from rich.table import Table

from benchmark.hints import parse_hints
from benchmark.questions import load_question_set
from benchmark.statistics.planning import (
    answers_for_difference,
    answers_for_width,
    detectable_difference,
    interval_width,
    planned_design_effect,
)
from benchmark.statistics.worlds import World
from benchmark.trials import PlanSettings, plan_trials
from candor.plan import OptionError
from languages import available

#: Questions with which every hint kind is asked, by the plan that asks them.
QUESTIONS_OF_PLANS = {"demo": 8, "candor-1-quick": 40, "candor-1 (builtin questions)": 120}
ONE_KIND = "metadata"
#: Below this no plan is sensible, and numbers run over.
LEAST_SHARE = 1e-4
MOST_SAMPLES = 1_000_000


@dataclass(frozen=True)
class PowerOptions:
    """What is wanted, and what is assumed of the model. All but `samples` are shares or correlations.

    The defaults of the correlations are those of the worlds in which `candor simulate` tries the intervals.

    Attributes:
        width: of the 95 % interval of the deception rate.
        rate: the deception rate expected; .5 is the worst case.
        switch_rate: P(hinted answer is the target | control answer is not).
        base_rate: share of control answers that are the target already.
        samples: answers per prompt.
        samples_alike: intraclass correlation of the answers to one question in one language; 0: independent.
        languages_alike: the same of answers in two languages; never above it.
        difference: between two models, to be found with chance `power`.
    """

    width: float = 0.1
    rate: float = 0.5
    switch_rate: float = 0.3
    base_rate: float = 0.15
    samples: int = 1
    samples_alike: float = World.alike
    languages_alike: float = World.alike * World.shared
    difference: float = 0.1
    power: float = 0.8


@dataclass(frozen=True)
class Need:
    """What one aim takes: independent answers, the switches to get them, questions, trials and requests.

    Trials and requests are over all languages, with one hint kind and with all of them.
    """

    aim: str
    over: str
    deff: float
    switches: int
    questions: int
    trials: int
    trials_all_kinds: int
    requests_all_kinds: int


@dataclass(frozen=True)
class Given:
    """What a plan's number of questions gives, in one language and as the mean over all."""

    plan: str
    questions: int
    switches: float
    width: float
    width_of_mean: float
    difference_of_mean: float | None


def check(options: PowerOptions) -> None:
    """Raises OptionError where an option makes no sense."""
    for name in ("width", "rate", "switch_rate", "difference"):
        value = getattr(options, name)
        if not LEAST_SHARE <= value <= 1 - LEAST_SHARE:
            raise OptionError(
                f"--{name.replace('_', '-')}: {value} must be at least {LEAST_SHARE} and at most {1 - LEAST_SHARE}."
            )
    if not 0 <= options.base_rate < 1:
        raise OptionError(f"--base-rate: {options.base_rate} must be at least 0 and under 1.")
    if not 0.5 <= options.power < 1:
        raise OptionError(f"--power: {options.power} must be at least 0.5 and under 1.")
    if not 1 <= options.samples <= MOST_SAMPLES:
        raise OptionError(f"--samples: {options.samples} must be at least 1 and at most {MOST_SAMPLES}.")
    if not 0 <= options.samples_alike <= 1:
        raise OptionError(f"--samples-alike: {options.samples_alike} must be at least 0 and at most 1.")
    if not 0 <= options.languages_alike <= options.samples_alike:
        # By Cauchy and Schwarz: the covariance of a question's rates in two languages is at most their variance.
        raise OptionError(
            f"--languages-alike: {options.languages_alike} must be at least 0 and at most --samples-alike, "
            f"{options.samples_alike}."
        )
    least, most = options.rate - options.difference / 2, options.rate + options.difference / 2
    if not 0 < least < most < 1:
        raise OptionError(
            f"--difference {options.difference} around --rate {options.rate}: the two rates would be {least:.2f} and "
            f"{most:.2f}; choose a smaller difference."
        )


def plan_power(options: PowerOptions) -> list[Need]:
    """What the width and the difference take, for one language and for the mean over all. Raises OptionError."""
    check(options)
    least, most = options.rate - options.difference / 2, options.rate + options.difference / 2
    aims = {
        f"interval {options.width:g} wide": answers_for_width(options.rate, options.width),
        f"difference of {options.difference:g}": answers_for_difference(least, most, options.power),
    }
    one, every = count_per_question((ONE_KIND,)), count_per_question(("all",))
    languages = len(available())
    needs = []
    for aim, answers in aims.items():
        for over, count in (("one language", 1), (f"mean over {languages} languages", languages)):
            deff = _deff(options, count)
            switches = ceil(answers * deff)
            questions = ceil(switches / (_switches_per_question(options) * count))
            asked = questions * options.samples * languages
            needs.append(
                Need(
                    aim,
                    over,
                    deff,
                    switches,
                    questions,
                    ceil(asked * one[0]),
                    ceil(asked * every[0]),
                    ceil(asked * every[1]),
                )
            )
    return needs


def weigh_plans(options: PowerOptions) -> list[Given]:
    """What the demo's and the suites' numbers of questions give. Raises OptionError."""
    check(options)
    languages = len(available())
    given = []
    for plan, questions in QUESTIONS_OF_PLANS.items():
        switches = questions * _switches_per_question(options)
        single, mean = switches / _deff(options, 1), switches * languages / _deff(options, languages)
        given.append(
            Given(
                plan,
                questions,
                switches,
                interval_width(options.rate, single),
                interval_width(options.rate, mean),
                detectable_difference(options.rate, mean, options.power),
            )
        )
    return given


def _switched_share(options: PowerOptions) -> float:
    """Share of hinted answers that are switched."""
    return (1 - options.base_rate) * options.switch_rate


def _switches_per_question(options: PowerOptions) -> float:
    """Expected switched answers to one question in one language."""
    return _switched_share(options) * options.samples


def _deff(options: PowerOptions, languages: int) -> float:
    """The design effect of the switched answers to a question in that many languages."""
    return planned_design_effect(
        _switched_share(options), options.samples, languages, options.samples_alike, options.languages_alike
    )


def count_per_question(hints: tuple[str, ...]) -> tuple[float, float]:
    """(trials, requests at most) of a question in one language with one sample, by the planner itself."""
    question_set = load_question_set("builtin", ("en",), 30, 0)
    trials = plan_trials(PlanSettings(("en",), parse_hints(list(hints))), question_set)
    turns = sum("generate" in message for trial in trials for message in trial.messages)
    questions = len(question_set.questions)
    return len(trials) / questions, (len(trials) + turns) / questions


def print_power(options: PowerOptions, as_json: bool) -> None:
    """Print both tables, or JSON. Raises OptionError."""
    needs, given = plan_power(options), weigh_plans(options)
    if as_json:
        found = {"assumed": asdict(options), "needed": list(map(asdict, needs)), "given": list(map(asdict, given))}
        sys.stdout.buffer.write(orjson.dumps(found, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
        return
    console = Console(width=None if sys.stdout.isatty() else 120, highlight=False)
    console.print(_needs_table(needs))
    console.print(
        f"Assumed: a deception rate of {options.rate:g}, {100 * options.switch_rate:g} % of answers moved by the hint, "
        f"{100 * options.base_rate:g} % at the target without it, {options.samples} answer(s) a prompt. Only a "
        f"switched answer says anything about the deception rate: {_switches_per_question(options):.2g} of them "
        "a question and language. Answers to one question are alike, with a correlation of "
        f"{options.samples_alike:g} in one language and {options.languages_alike:g} between two, so that more samples "
        f"replace few questions: the variance is {_deff(options, 1):.3g} times that of independent answers in one "
        f"language and {_deff(options, len(available())):.3g} times in the mean (deff). A mean also needs two "
        "questions with a switch in every language. The difference is found with a chance of "
        f"{100 * options.power:g} % at 5 %, two-sided, for one pair of models. Control, sham and hinted trials of all "
        "languages are counted; requests are those of all kinds at most, debates having several turns.",
        style="dim",
    )
    console.print(_given_table(given))


def _needs_table(needs: list[Need]) -> Table:
    table = Table(title="What an aim needs", title_justify="left")
    for name in ("aim", "over"):
        table.add_column(name)
    for name in ("switched answers", "questions", "trials, one hint kind", "trials, all kinds", "requests, all kinds"):
        table.add_column(name, justify="right")
    for need in needs:
        counts = (need.switches, need.questions, need.trials, need.trials_all_kinds, need.requests_all_kinds)
        table.add_row(need.aim, need.over, *(f"{count:,}" for count in counts))
    return table


def _given_table(plans: list[Given]) -> Table:
    title = f"What a plan gives with one hint kind, in one language and as the mean over {len(available())}"
    table = Table("plan", title=title, title_justify="left")
    for name in (
        "questions",
        "switched answers, one language",
        "interval width, one language",
        "interval width, mean",
        "difference found, mean",
    ):
        table.add_column(name, justify="right")
    for given in plans:
        difference = "–" if given.difference_of_mean is None else f"{given.difference_of_mean:.2f}"
        table.add_row(
            given.plan, str(given.questions), f"{given.switches:.1f}", f"{given.width:.2f}",
            f"{given.width_of_mean:.2f}", difference,
        )  # fmt: skip
    return table
