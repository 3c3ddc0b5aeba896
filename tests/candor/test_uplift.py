"""Uplift: chosen on one half of the samples, measured on the other."""

import json

import pytest

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
    assert (row["questions"], row["n"], row["uplift"], row["low"], row["high"]) == (6, 2, 1.0, 1.0, 1.0)
    assert row["direct_accuracy"] == 0
    assert row["reasoned_accuracy"] == pytest.approx(2 / 6)
    assert "uplift" in capsys.readouterr().out


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


def test_chance_is_no_uplift_when_crossed(db):
    """Answers that owe nothing to reasoning: the naive gain is far above 0, the crossed one is around it."""
    import random

    import duckdb

    from benchmark.sql import read_sql, read_views

    connection = duckdb.connect()
    connection.execute(read_sql("schema"))
    connection.execute(read_views())
    connection.execute("INSERT INTO entries (entry_id, model) VALUES ('e', 'm')")
    draw = random.Random(4)
    for question in range(400):
        for arm in ("direct", "control"):
            for sample in range(4):
                connection.execute(
                    "INSERT INTO trials (entry_id, trial_id, suite, question_id, language, arm, sample, key, answer)"
                    " VALUES ('e', ?, 'uplift:x', ?, 'en', ?, ?, 'A', ?)",
                    [f"{question}-{arm}-{sample}", f"q{question}", arm, sample, draw.choice("AB")],
                )
    [row] = connection.sql("FROM uplift").to_arrow_table().to_pylist()
    assert row["naive_uplift"] > 0.3
    assert row["low"] < 0 < row["high"]


def test_odd_number_of_samples(fake_server, db):
    with pytest.raises(OptionError, match="--samples: 3 must be even"):
        run_uplift("fake", RunOptions(samples=3), ServerOptions(fake_server.url), db, None)
