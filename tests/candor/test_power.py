"""Planning: widths and differences by other routes, and the commands `power` and `simulate`."""

import inspect
import json
from dataclasses import asdict, replace
from math import ceil, nan

import numpy as np
import pytest
from scipy.stats import binomtest
from typer.testing import CliRunner

from benchmark.questions import load_question_set
from benchmark.statistics.intervals import macro_interval, ratio_interval
from benchmark.statistics.planning import (
    answers_for_difference,
    answers_for_width,
    detectable_difference,
    interval_width,
    planned_design_effect,
)
from benchmark.statistics.worlds import World, draw
from benchmark.suites import load_suite
from candor.cli import app
from candor.cli import demo as run_demo_command
from candor.plan import OptionError, RunOptions, make_plan
from candor.power import QUESTIONS_OF_PLANS, PowerOptions, count_per_question, plan_power, weigh_plans
from candor.simulate import run_simulation


def width_by_scipy(k, n):
    interval = binomtest(k, n).proportion_ci(method="wilson")
    return interval.high - interval.low


@pytest.mark.parametrize(("k", "of", "width"), [(1, 2, 0.1), (1, 5, 0.2), (9, 10, 0.05)])
def test_least_number_of_answers_for_a_width(k, of, width):
    n = answers_for_width(k / of, width)
    assert interval_width(k / of, n) <= width < interval_width(k / of, n - 1)
    whole = -(-n // of) * of
    assert width_by_scipy(k * whole // of, whole) <= width


def test_number_for_a_difference_on_published_examples():
    # R, help of power.prop.test: p1 .5, p2 .75, power .9 gives n = 76.7 a group.
    assert answers_for_difference(0.5, 0.75, 0.9) == 77
    # The usual table (Fleiss): .5 against .6 at 80 % needs 388 a group.
    assert answers_for_difference(0.5, 0.6, 0.8) == 388


def test_detectable_difference_is_the_inverse():
    n = answers_for_difference(0.4, 0.6, 0.8)
    assert detectable_difference(0.5, n, 0.8) == pytest.approx(0.2, abs=0.003)
    assert detectable_difference(0.05, 10, 0.8) is None


def test_questions_trials_and_requests():
    one, mean = plan_power(PowerOptions(width=0.2, switch_rate=0.4, base_rate=0.0, languages_alike=0.25))[:2]
    answers = answers_for_width(0.5, 0.2)
    assert (one.deff, one.switches) == (1, answers), "one sample in one language: no question counts twice"
    assert one.questions == -(-answers * 10 // 4)
    # Each of 12 other languages has a switch with probability .4 + .25 · .6 = .55.
    assert mean.deff == pytest.approx(1 + 12 * 0.55 * 0.25)
    assert mean.switches == ceil(answers * 2.65)
    assert mean.questions == -(-mean.switches * 10 // (4 * 13))
    assert one.trials == one.questions * 3 * 13


def test_design_effect_is_kishs():
    assert planned_design_effect(1, 5, 1, 0.2, 0) == pytest.approx(1 + 4 * 0.2)
    assert planned_design_effect(1, 5, 13, 0.2, 0.2) == pytest.approx(1 + (5 * 13 - 1) * 0.2)
    assert planned_design_effect(0.3, 16, 13, 0, 0) == 1


def test_more_samples_need_fewer_questions_but_never_few():
    one, few, many = (plan_power(PowerOptions(samples=samples)) for samples in (1, 4, 1000))
    for before, after in ((one, few), (few, many)):
        assert all(y.questions < x.questions and y.trials > x.trials for x, y in zip(before, after, strict=True))
    # Questions differ among themselves, however often each is asked.
    endless = plan_power(PowerOptions(samples=1_000_000))
    assert [need.questions for need in endless] == pytest.approx([need.questions for need in many], rel=0.02)
    assert endless[0].questions > answers_for_width(0.5, 0.1) * PowerOptions().samples_alike


@pytest.mark.parametrize("samples", [1, 4, 16])
@pytest.mark.parametrize("switching", [0.3, 0.8])
def test_widths_are_those_of_simulated_worlds(samples, switching):
    """A constant deff once promised .030 here for 16 samples, where the interval is .090 wide."""
    plan = weigh_plans(PowerOptions(samples=samples, switch_rate=switching))[-1]
    drawn = draw(World(0.5, switching, plan.questions, samples), 60, np.random.default_rng(samples))
    mean = macro_interval(drawn.w * drawn.u, drawn.w * drawn.h)
    _, low, high = ratio_interval(drawn.w * drawn.u, drawn.w * drawn.h, samples > 1, samples)
    assert plan.width_of_mean == pytest.approx((mean.high - mean.low).mean(), rel=0.1)
    assert plan.width == pytest.approx((high - low).mean(), rel=0.1)


def test_questions_asked_for_give_the_width_in_a_simulated_world():
    need = plan_power(PowerOptions(width=0.1, samples=4))[1]
    drawn = draw(World(0.5, 0.3, need.questions, 4), 60, np.random.default_rng(9))
    mean = macro_interval(drawn.w * drawn.u, drawn.w * drawn.h)
    assert (mean.high - mean.low).mean() == pytest.approx(0.1, rel=0.05)


def test_correlations_are_those_of_the_worlds():
    told = CliRunner().invoke(app, ["power", "--json"], catch_exceptions=False)
    assumed = json.loads(told.stdout)["assumed"]
    assert assumed == asdict(PowerOptions()), "the command's defaults"
    world = World(0.5, 0.3, 2000, languages=2)
    alike = np.corrcoef(draw(replace(world, samples=10_000), 1, np.random.default_rng(8)).h[0])[0, 1]
    assert assumed["languages_alike"] / assumed["samples_alike"] == pytest.approx(alike, abs=0.05)


def test_counts_are_those_of_the_plan():
    plan = make_plan(RunOptions(languages=("en",), limit=30))
    trials, requests = count_per_question(("all",))
    assert trials == len(plan.trials) / 30
    assert requests > trials, "debates have several turns"
    assert count_per_question(("metadata",)) == (3, 3)


def test_intervals_narrow_with_questions():
    plans = weigh_plans(PowerOptions())
    assert [(given.plan, given.questions) for given in plans] == list(QUESTIONS_OF_PLANS.items())
    assert plans[0].width > plans[1].width > plans[2].width > plans[2].width_of_mean


def test_questions_of_plans_are_those_they_ask():
    demo = inspect.signature(run_demo_command).parameters["limit"].default
    quick, whole = (load_suite(name).part[0] for name in ("candor-1-quick", "candor-1"))
    builtin = load_question_set("builtin", ("en",), whole.limit, 0).questions
    assert list(QUESTIONS_OF_PLANS.values()) == [demo, quick.limit, len(builtin)]


@pytest.mark.parametrize(
    ("option", "value"),
    [("width", 0), ("width", 1), ("rate", 1.5), ("switch_rate", 0), ("base_rate", 1), ("samples", 0),
     ("samples_alike", 1.5), ("samples_alike", -0.1), ("languages_alike", 0.31), ("languages_alike", -0.1),
     ("difference", 0), ("power", 0.2),
     # These once ended in a traceback, or were told to be smaller still.
     ("width", 0.00005), ("samples", 10**400), ("switch_rate", 1e-320), ("difference", 1e-17),
     *((name, nan) for name in ("width", "rate", "switch_rate", "base_rate", "samples_alike", "languages_alike",
                                "difference", "power"))],
)  # fmt: skip
def test_bad_options_are_named(option, value):
    with pytest.raises(OptionError, match=f"--{option.replace('_', '-')}: {value} must be at least"):
        plan_power(PowerOptions(**{option: value}))


def test_a_difference_that_the_rate_has_no_room_for():
    with pytest.raises(OptionError, match=r"--difference 0.1 around --rate 0.01: .* choose a smaller difference"):
        plan_power(PowerOptions(rate=0.01))


@pytest.mark.parametrize(
    "extreme",
    [dict(width=1e-4), dict(difference=1e-4, power=1 - 1e-16), dict(rate=1e-4, difference=1e-4, samples=1_000_000),
     dict(rate=1 - 1e-4, difference=1e-4, samples=1_000_000), dict(switch_rate=1e-4, base_rate=1 - 1e-16),
     dict(samples_alike=1, languages_alike=1, samples=1_000_000), dict(samples_alike=0, languages_alike=0),
     dict(width=1 - 1e-4)],
)  # fmt: skip
def test_the_furthest_options_still_give_numbers(extreme):
    options = PowerOptions(**extreme)
    assert all(need.questions >= 1 for need in plan_power(options))
    assert all(given.width > 0 for given in weigh_plans(options))


def test_power_prints_a_table_and_json():
    told = CliRunner().invoke(app, ["power", "--width", "0.2", "--switch-rate", "0.5"], catch_exceptions=False)
    assert told.exit_code == 0 and "questions" in told.stdout and "deff" in told.stdout
    found = json.loads(CliRunner().invoke(app, ["power", "--json"], catch_exceptions=False).stdout)
    assert found["assumed"]["width"] == 0.1
    assert [row["over"] for row in found["needed"]][:2] == ["one language", "mean over 13 languages"]
    assert [row["plan"] for row in found["given"]] == list(QUESTIONS_OF_PLANS)
    assert all(plan.split()[0] in told.stdout for plan in QUESTIONS_OF_PLANS)


def test_simulation_report_is_the_same_for_the_same_seed(tmp_path):
    for name in ("one.md", "two.md"):
        run_simulation(10, 3, tmp_path / name)
    text = (tmp_path / "one.md").read_text("utf-8")
    assert text == (tmp_path / "two.md").read_text("utf-8")
    assert "candor simulate --replicates 10 --seed 3" in text
    for heading in ("In short", "Means over thirteen", "No hint effect", "Detector errors", "Few switches"):
        assert f"## {heading}" in text


def test_simulation_refuses_too_few_replicates_and_lost_folders(tmp_path):
    with pytest.raises(OptionError, match="--replicates"):
        run_simulation(1, 0, None)
    with pytest.raises(OptionError, match="--output"):
        run_simulation(10, 0, tmp_path / "missing" / "report.md")
