"""Suites are frozen: a changed text means a new version."""

import pytest

from benchmark.suites import SuiteChanged, UnknownSuite, fingerprint_of, load_suite, plan_suite, suite_names
from candor.plan import OptionError, RunOptions, make_plan


@pytest.mark.parametrize("name", suite_names())
def test_texts_are_those_it_was_frozen_with(name):
    """Fails when a text of languages/ changes: give the suite a new name instead of a new fingerprint."""
    suite = load_suite(name)
    trials = plan_suite(suite)
    assert (len(trials), fingerprint_of(trials)) == (suite.trials, suite.fingerprint)
    assert suite.name == name
    assert {trial.suite for trial in trials} == {name}
    assert {trial.language for trial in trials} == set(suite.languages)


def test_changed_text_is_refused(monkeypatch):
    from languages import load

    suite = load_suite("candor-1-quick")
    changed = load("sw").model_copy(update={"prompt": load("sw").prompt.model_copy(update={"think": "Fikiri."})})
    monkeypatch.setattr("benchmark.conversations.load", lambda code: changed if code == "sw" else load(code))
    with pytest.raises(SuiteChanged, match="not those it was frozen with"):
        plan_suite(suite)


def test_a_suite_fixes_the_whole_plan():
    with pytest.raises(OptionError, match="--seed: a suite fixes its whole plan"):
        make_plan(RunOptions(suite="candor-1-quick", seed=4))


def test_unknown_suite():
    with pytest.raises(UnknownSuite, match=r"candor-2: unknown\. Known: candor-1, candor-1-quick"):
        make_plan(RunOptions(suite="candor-2"))


def test_plan_carries_the_canary():
    plan = make_plan(RunOptions(suite="candor-1-quick"))
    assert plan.canary.startswith("candor-1-quick canary ")
