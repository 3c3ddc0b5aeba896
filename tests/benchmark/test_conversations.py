"""What a conversation looks like for every kind of hint, and what the arms of a pair have in common."""

from collections import Counter

import pytest

from benchmark.conversations import TooFewExamples
from benchmark.framings import framings
from benchmark.hints import ALL, kinds, parse_hints
from benchmark.questions import QuestionSet, load_question_set
from benchmark.trials import PlanSettings, plan_trials
from languages import LETTERS, available, load
from languages.check import find_latin_words

KINDS = (
    "metadata", "computed", "authority", "consistency", "pattern", "grader", "leak", "asker", "forged_history", "peer",
)  # fmt: skip


@pytest.fixture(scope="module")
def plan():
    settings = PlanSettings(available(), parse_hints(["all"]), framings=tuple(framings()), phrasings=ALL)
    return plan_trials(settings, load_question_set("builtin", available(), limit=1))


def find(plan, kind, arm, language="en", framing="plain", phrasing=1, variant=None):
    return next(
        trial
        for trial in plan
        if (trial.hint_kind, trial.arm, trial.language, trial.framing, trial.phrasing)
        == (kind, arm, language, framing, phrasing)
        and variant in (None, trial.variant)
    )


def said(trial):
    """Everything fixed in a trial's messages, as one text."""
    return "\n".join(message.get("content") or message.get("instruction") or "" for message in trial.messages)


def test_ten_kinds_and_four_framings():
    assert tuple(kinds()) == KINDS
    assert tuple(framings()) == ("plain", "disclaimed", "pledged", "concealed")


def test_every_kind_framing_language_phrasing_and_arm_is_there(plan):
    seen = {(t.hint_kind, t.framing, t.language, t.phrasing, t.arm) for t in plan}
    for kind in KINDS:
        for framing in framings():
            for language in available():
                for phrasing in (1, 2, 3):
                    for arm in ("sham", "hinted"):
                        assert (kind, framing, language, phrasing, arm) in seen


def test_sham_and_hinted_differ_only_where_the_hint_points(plan):
    """Outside the hint's own text the two prompts of a pair are the same, turn by turn."""
    pairs = {}
    for trial in plan:
        if trial.arm in ("sham", "hinted") and trial.hint_kind not in ("pattern", "peer"):
            key = (trial.language, trial.framing, trial.hint_kind, trial.variant, trial.phrasing)
            pairs.setdefault(key, {})[trial.arm] = trial
    assert len(pairs) > 1000
    for pair in pairs.values():
        hinted, sham = pair["hinted"], pair["sham"]
        differing = [turns for turns in zip(hinted.messages, sham.messages, strict=True) if turns[0] != turns[1]]
        [(pointing, idle)] = differing
        assert pointing["content"].replace(hinted.hint_text, "…") == idle["content"].replace(sham.hint_text, "…")


def test_no_latin_words_in_other_scripts(plan):
    texts = {(trial.language, said(trial)) for trial in plan}
    assert [found for language, text in texts if (found := find_latin_words(language, text))] == []


def test_consistency_is_a_real_earlier_turn(plan):
    hinted = find(plan, "consistency", "hinted")
    assert [message["role"] for message in hinted.messages] == ["user", "assistant", "user"]
    assert f" {hinted.target}" in hinted.messages[1]["content"]
    control = find(plan, "consistency", "control")
    assert [message["role"] for message in control.messages] == ["user", "assistant", "user"]
    assert hinted.question not in control.messages[0]["content"]


@pytest.mark.parametrize("code", available())
def test_pattern_marks_the_right_options_and_the_target(plan, code):
    hinted, mark = find(plan, "pattern", "hinted", code), load(code).find_hint("pattern", "mark", 1).hinted
    marked = [line for line in said(hinted).splitlines() if line.endswith(mark)]
    assert sorted(line[0] for line in marked[:4]) == list(LETTERS)
    finals = [load(code).prompt.final.replace("{letter}", line[0]) for line in marked[:4]]
    assert [line for line in said(hinted).splitlines() if line in set(finals)] == finals
    assert marked[4].startswith(f"{hinted.target}) ")
    assert hinted.question not in said(hinted).split(marked[3])[0]


def test_pattern_sham_marks_questions_and_no_option(plan):
    sham, mark = find(plan, "pattern", "sham"), load("en").find_hint("pattern", "mark", 1).hinted
    marked = [line for line in said(sham).splitlines() if line.endswith(mark)]
    assert len(marked) == 5
    assert not any(line.startswith(tuple(f"{letter})" for letter in LETTERS)) for line in marked)
    assert mark not in said(find(plan, "pattern", "control"))


def test_forged_history_is_two_by_two(plan):
    for variant, sentence, actions in (
        ("neither", False, False), ("sentence", True, False), ("actions", False, True), ("both", True, True),
    ):  # fmt: skip
        for arm in ("control", "sham", "hinted"):
            trial = find(plan, "forged_history", arm, variant=variant)
            assert (len(trial.messages) == 7) == actions
            text = load("en").find_hint("forged_history", variant, 1)
            assert (text.scaffold in trial.messages[-1]["content"]) == sentence


def test_forged_answers_are_half_right():
    settings = PlanSettings(("en",), parse_hints(["forged_history:actions"]))
    question_set = load_question_set("builtin", ("en",))
    keys = {trial.question: trial.key for trial in plan_trials(settings, question_set)}
    right = Counter()
    for trial in plan_trials(settings, question_set):
        if trial.arm == "hinted":
            turns = list(zip(trial.messages[0:6:2], trial.messages[1:6:2], strict=True))
            verdicts = []
            for asked, forged in turns:
                question = next(text for text in keys if asked["content"].startswith(text))
                verdicts.append(forged["content"].rstrip().endswith(keys[question]))
            assert sum(verdicts) in (1, 2)
            right.update(verdicts)
    assert 0.4 < right[True] / right.total() < 0.6


def test_peer_debate_has_five_turns_of_a_second_copy(plan):
    hinted, sham, control = (find(plan, "peer", arm) for arm in ("hinted", "sham", "control"))
    slots = [message.get("generate") for message in hinted.messages]
    assert slots == [None, *("answer", "peer") * 5]
    assert all(message["until"] == hinted.target for message in hinted.messages if message.get("generate") == "answer")
    assert [message.get("generate") for message in sham.messages] == [None, *("answer", None) * 5]
    assert len(control.messages) == 1
    assert hinted.messages[0] == sham.messages[0] == control.messages[0]


def test_pledge_is_a_first_exchange_in_every_arm(plan):
    for trial in plan:
        if trial.framing == "pledged":
            assert trial.messages[1] == {"role": "assistant", "generate": "pledge"}
        else:
            assert "pledge" not in {message.get("generate") for message in trial.messages}


@pytest.mark.parametrize("framing", ["disclaimed", "concealed"])
def test_framing_stands_in_every_arm(plan, framing):
    texts = {text.text for text in load("en").framing if text.kind == framing}
    for trial in plan:
        if trial.language == "en":
            found = [text for text in texts if text in said(trial)]
            assert len(found) == (trial.framing == framing)


def test_optional_arms():
    settings = PlanSettings(("de",), parse_hints(["metadata", "peer"]), arms=("hinted", "no_reasoning", "interview"))
    trials = plan_trials(settings, load_question_set("builtin", ("de",), limit=1))
    assert [(t.arm, t.hint_kind) for t in trials] == [
        ("hinted", "metadata"), ("no_reasoning", "metadata"), ("interview", "metadata"), ("hinted", "peer"),
    ]  # fmt: skip
    assert load("de").prompt.direct in said(trials[1])
    assert load("de").prompt.think not in said(trials[1])
    assert trials[2].messages[1:] == (
        {"role": "assistant", "generate": "answer"},
        {"role": "user", "content": load("de").turns.interview},
    )


def test_opinions_go_with_the_askers_identity_alone():
    settings = PlanSettings(("en", "te"), parse_hints(["all"]))
    question_set = load_question_set("opinions", ("en", "te"))
    trials = plan_trials(settings, question_set)
    assert {(t.arm, t.hint_kind, t.variant) for t in trials} == {
        ("control", None, None), ("sham", "asker", "identity"), ("hinted", "asker", "identity"),
    }  # fmt: skip
    for trial in trials:
        assert trial.key is None
        question = question_set.questions[trial.question_id][trial.language]
        assert trial.options[LETTERS.index(trial.target)] == question.options[question.leaning_index]
        assert (question.identity in said(trial)) == (trial.arm == "hinted")


def test_a_set_too_small_for_examples():
    whole = load_question_set("builtin", ("en",), limit=3)
    small = QuestionSet("small", whole.questions, whole.questions)
    with pytest.raises(TooFewExamples, match=r"'pattern' shows 4 solved questions .* only 2 others in en"):
        plan_trials(PlanSettings(("en",), parse_hints(["pattern"])), small)
