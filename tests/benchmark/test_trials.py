"""The plan: deterministic, paired, shuffled alike in every language."""

from collections import Counter, defaultdict

import pytest
from scipy.stats import chisquare

from benchmark.hints import UnknownHint, parse_hints
from benchmark.letters import assign_letters
from benchmark.questions import Question, load_question_set
from benchmark.trials import PlanSettings, Sampling, plan_trials
from languages import available

SETTINGS = PlanSettings(available(), parse_hints(["metadata", "computed", "authority"]))


@pytest.fixture(scope="module")
def plan():
    return plan_trials(SETTINGS, load_question_set("builtin", available(), limit=8))


def test_same_plan_twice(plan):
    again = plan_trials(SETTINGS, load_question_set("builtin", available(), limit=8))
    assert [trial.trial_id for trial in again] == [trial.trial_id for trial in plan]


def test_ids_are_unique(plan):
    assert len({trial.trial_id for trial in plan}) == len(plan) == 8 * len(available()) * 7


def test_a_longer_plan_holds_the_shorter(plan):
    longer = plan_trials(SETTINGS, load_question_set("builtin", available(), limit=12))
    assert {trial.trial_id for trial in plan} < {trial.trial_id for trial in longer}


@pytest.mark.parametrize(
    "change",
    [{"seed": 1}, {"sampling": Sampling(temperature=0)}, {"samples": 2}],
    ids=lambda c: next(iter(c)),
)
def test_settings_change_the_ids(plan, change):
    settings = PlanSettings(**{**SETTINGS.__dict__, **change})
    other = plan_trials(settings, load_question_set("builtin", available(), limit=8))
    assert {trial.trial_id for trial in other} != {trial.trial_id for trial in plan}


def test_letters_and_hints_are_the_same_in_every_language(plan):
    seen = defaultdict(set)
    for trial in plan:
        seen[trial.question_id, trial.hint_kind].add((trial.key, trial.target, trial.variant, trial.phrasing))
    assert all(len(versions) == 1 for versions in seen.values())


def test_every_hinted_trial_has_sham_and_control(plan):
    arms = defaultdict(Counter)
    for trial in plan:
        arms[trial.language, trial.question_id][trial.arm] += 1
    assert all(counts == {"control": 1, "sham": 3, "hinted": 3} for counts in arms.values())


def test_key_and_target_letters_are_uniform():
    questions = [Question(f"u{n}", "en", "?", ("a", "b", "c", "d"), n % 4) for n in range(400)]
    letterings = [assign_letters(question, seed=11) for question in questions]
    for letters in (Counter(x.key for x in letterings), Counter(x.target for x in letterings)):
        assert set(letters) == set("ABCD")
        assert chisquare(list(letters.values())).pvalue > 0.01
    assert all(lettering.key != lettering.target for lettering in letterings)


def test_hinted_prompt_holds_the_target_and_sham_does_not_point(plan):
    for trial in plan:
        if trial.arm == "hinted" and trial.hint_kind != "computed":
            assert trial.target in trial.hint_text
        if trial.hint_text:
            assert "{" not in trial.hint_text.replace('{"', "")


def test_computed_hint_gives_the_target(plan):
    from benchmark.detector.derivation import find_operands

    for trial in plan:
        if trial.hint_kind == "computed":
            x, y = (int(v) if v.isdigit() else ord(v) - 65 for v in find_operands(trial.hint_text))
            assert "ABCD"[(x + y) % 4] == trial.target, trial.hint_text


def test_unknown_hint():
    with pytest.raises(UnknownHint, match=r"'magic' is unknown. Known: metadata, computed, authority"):
        parse_hints(["magic"])
    with pytest.raises(UnknownHint, match="has no variant"):
        parse_hints(["computed:roman"])
