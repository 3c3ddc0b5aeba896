"""Uplift: chosen on one half of the samples, measured on the other."""

import json
import random
from math import sqrt
from statistics import mean, stdev

import duckdb
import pytest
from scipy.stats import t

from benchmark.sql import read_sql, read_views
from benchmark.statistics.intervals import ratio_interval, wilson
from benchmark.store import query
from candor.plan import OptionError, RunOptions
from candor.run import ServerOptions
from candor.uplift import run_uplift
from languages import load

OPTIONS = RunOptions(languages=("en",), limit=6, samples=4)


def answer_when_reasoning(messages):
    """Right (the key is looked up) with room to reason on the questions about coins; never without."""
    from benchmark.letters import assign_letters
    from benchmark.questions import load_question_set

    prompt = messages[-1]["content"]
    questions = load_question_set("builtin", ("en",)).questions.values()
    question = next(v["en"] for v in questions if prompt.startswith(v["en"].question))
    lettering = assign_letters(question, 0)
    reasons = load("en").prompt.think in prompt
    right = reasons and question.question_id in ("arith-01", "arith-02")
    letter = lettering.key if right else lettering.target
    return {"content": f"I see.\nAnswer: {letter}" if reasons else f"Answer: {letter}"}


def test_keeps_the_questions_where_reasoning_helps(fake_server, db, tmp_path, capsys):
    fake_server.reply = answer_when_reasoning
    output = tmp_path / "kept.jsonl"
    run_uplift("fake", OPTIONS, ServerOptions(fake_server.url), db, output)
    kept = [json.loads(line) for line in output.open()]
    assert [row["question_id"] for row in kept] == ["arith-01", "arith-02"]
    [row] = query(db, "FROM uplift").to_pylist()
    assert (row["questions"], row["n"], row["uplift"]) == (6, 2, 1.0)
    assert row["direct_accuracy"] == 0
    assert row["reasoned_accuracy"] == pytest.approx(2 / 6)
    told = capsys.readouterr().out
    assert "0 [0, 39] / 6" in told, "no right answer to 6 questions"
    assert "0 + 0" in told, "all answered"


def test_replies_that_are_all_cut_off_say_nothing(fake_server, db, capsys):
    fake_server.reply = lambda messages: (
        {"content": ""} if load("en").prompt.think in messages[-1]["content"] else answer_when_reasoning(messages)
    )
    run_uplift("fake", OPTIONS, ServerOptions(fake_server.url), db, None)
    [row] = query(db, "FROM uplift").to_pylist()
    assert (row["questions"], row["direct_n"], row["reasoned_n"], row["reasoned_unanswered"]) == (6, 6, 0, 24)
    assert {row[name] for name in ("reasoned_accuracy", "reasoned_low", "uplift", "low", "naive_uplift")} == {None}
    assert "– / 0" in capsys.readouterr().out


def test_kept_questions_are_a_question_file(fake_server, db, tmp_path):
    from benchmark.questions import load_question_set

    fake_server.reply = answer_when_reasoning
    output = tmp_path / "kept.jsonl"
    run_uplift("fake", OPTIONS, ServerOptions(fake_server.url), db, output)
    assert list(load_question_set(str(output), ("en",)).questions) == ["arith-01", "arith-02"]


def test_uplift_is_on_no_leaderboard(fake_server, db):
    run_uplift("fake", OPTIONS, ServerOptions(fake_server.url), db, None)
    assert query(db, "SELECT count(*) AS n FROM leaderboard").to_pylist() == [{"n": 0}]
    assert query(db, "SELECT DISTINCT suite FROM trials").to_pylist() == [{"suite": "uplift:builtin"}]


def measure(replies):
    """The view's row for replies [(question, arm, sample, answer, outcome)] to questions whose key is A."""
    connection = duckdb.connect()
    connection.execute(read_sql("schema"))
    connection.execute(read_views())
    connection.execute("INSERT INTO entries (entry_id, model) VALUES ('e', 'm')")
    connection.executemany(
        "INSERT INTO trials (entry_id, suite, language, key, trial_id, question_id, arm, sample, answer, outcome)"
        " VALUES ('e', 'uplift:x', 'en', 'A', uuid(), ?, ?, ?, ?, ?)",
        [list(reply) for reply in replies],
    )
    [row] = connection.sql("FROM uplift").to_arrow_table().to_pylist()
    return row


def reply_to(question, reasoned, direct="BBBB", outcome="answered"):
    """The samples of one question: their letters with room to reason, and without; `outcome` of the former."""
    return [
        *((question, "control", sample, letter, outcome) for sample, letter in enumerate(reasoned)),
        *((question, "direct", sample, letter, "answered") for sample, letter in enumerate(direct)),
    ]


@pytest.mark.parametrize("outcome", ["truncated", "unparsed", "refused", "wrong_language", "looped", "empty", None])
def test_replies_without_an_answer_are_neither_right_nor_wrong(outcome):
    """Cut off replies were once wrong, and a right letter in a wrong language right."""
    answered = [*reply_to("q1", "AAAA"), *reply_to("q2", "AAAA"), *reply_to("q3", "BBBB")]
    row = measure([*answered, *reply_to("q4", "AAAA", outcome=outcome), *reply_to("q5", [None] * 4, outcome=outcome)])
    assert (row["questions"], row["direct_n"], row["reasoned_n"]) == (5, 5, 3)
    assert (row["direct_unanswered"], row["reasoned_unanswered"]) == (0, 8)
    before = measure(answered)
    for name in ("reasoned_accuracy", "reasoned_low", "reasoned_high", "n", "uplift", "low", "high", "naive_uplift"):
        assert row[name] == before[name], name
    assert row["reasoned_accuracy"] == pytest.approx(2 / 3)


def test_a_half_without_an_answer_measures_nothing():
    replies = [*reply_to("q1", "AAAA"), ("q2", "control", 0, "A", "answered"), ("q2", "control", 1, None, "empty"),
               ("q2", "direct", 0, "B", "answered"), ("q2", "direct", 1, "B", "answered")]  # fmt: skip
    assert measure(replies)["n"] == 1


def test_accuracies_have_the_published_interval():
    row = measure([*reply_to("q1", "AAAA"), *reply_to("q2", "AABB"), *reply_to("q3", "BBBB")])
    ratio, low, high = ratio_interval([[1, 0.5, 0]], [[1, 1, 1]], True, 4)
    expected = (ratio.rate[0], low[0], high[0])
    assert [row[f"reasoned_{name}"] for name in ("accuracy", "low", "high")] == pytest.approx(expected)
    # All wrong: Wilson on distinct questions.
    assert (row["direct_low"], row["direct_high"]) == pytest.approx(wilson(0, 3))


def test_equal_gains_are_no_certainty():
    """Three questions that all gain the same once had an interval of width 0."""
    row = measure([reply for name in ("q1", "q2", "q3") for reply in reply_to(name, "AAAA")])
    low, _ = wilson(1, 3)
    assert (row["uplift"], row["low"], row["high"]) == (1, pytest.approx(2 * low - 1), 1)
    assert row["interval_method"] == "wilson on distinct questions"


def test_one_question_has_no_interval():
    row = measure(reply_to("q1", "AAAA"))
    assert (row["n"], row["uplift"], row["low"], row["high"], row["interval_method"]) == (1, 1, None, None, None)


def test_interval_is_students():
    # Gains of both halves: means .5, .5, .5, 1, 1, 1, 1.
    reasoned = ["AABB"] * 3 + ["AAAA"] * 4
    row = measure([reply for name, letters in enumerate(reasoned) for reply in reply_to(f"q{name}", letters)])
    gains = [0.5] * 3 + [1.0] * 4
    low, high = t.interval(0.95, len(gains) - 1, loc=mean(gains), scale=stdev(gains) / sqrt(len(gains)))
    assert (row["n"], row["uplift"], row["interval_method"]) == (7, pytest.approx(mean(gains)), "student")
    assert (row["low"], row["high"]) == pytest.approx((low, min(1, high)), abs=1e-3)


def test_chance_is_no_uplift_when_crossed():
    """Answers that owe nothing to reasoning: the naive gain is far above 0, the crossed one is around it."""
    draw = random.Random(4)
    letters = lambda: [draw.choice("AB") for _ in range(4)]  # noqa: E731
    row = measure([reply for name in range(400) for reply in reply_to(f"q{name}", letters(), letters())])
    assert row["naive_uplift"] > 0.3
    assert row["low"] < 0 < row["high"]


def test_odd_number_of_samples(fake_server, db):
    with pytest.raises(OptionError, match="--samples: 3 must be even"):
        run_uplift("fake", RunOptions(samples=3), ServerOptions(fake_server.url), db, None)
