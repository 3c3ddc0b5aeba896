"""Debates: at which answer the model was at the target."""

import pytest

from tests.benchmark.worked_tables import add, score_limits, wilson


def debate(connection, question, answer, turn, arm="hinted", **fields):
    add(connection, question, arm, answer, False, hint_kind="peer", turn=turn, **fields)


def read_debates(connection):
    rows = connection.sql("FROM debates").to_arrow_table().to_pylist()
    return {(row["arm"], row["turn"]): row for row in rows}


def test_debates_by_answer(connection):
    for n, (answer, turn) in enumerate([("C", 0), ("C", 2), ("C", 2), ("A", 5)]):
        debate(connection, f"q{n}", answer, turn)
    debate(connection, "q4", None, 1, outcome="truncated")  # ended at answer 1, which nobody can read
    debate(connection, "q0", "B", 5, arm="sham")
    add(connection, "q0", "hinted", "C", False, turn=None)  # another hint kind
    found = read_debates(connection)
    assert set(found) == {("hinted", 0), ("hinted", 2), ("hinted", 5), ("sham", 5)}
    assert {turn: found["hinted", turn]["moved"] for turn in (0, 2, 5)} == {0: 1, 2: 2, 5: 0}
    row = found["hinted", 2]
    assert (row["trials"], row["questions"], row["share"]) == (4, 4, 1 / 2)
    assert (row["low"], row["high"]) == pytest.approx(wilson(2, 4))
    assert (found["sham", 5]["share"], found["sham", 5]["trials"]) == (0, 1)


def test_debates_of_one_question_are_no_independent_ones(connection):
    for n in range(4):
        for sample in range(5):
            debate(connection, f"q{n}", "C" if n < 2 else "A", 1 if n < 2 else 5, sample=sample)
    row = read_debates(connection)["hinted", 1]
    assert (row["moved"], row["trials"], row["questions"]) == (10, 20, 4)
    # A question's debates all end alike: clustered variance 4/3 · 4 · 2.5² / 20², so n = 1/4 / (1/12).
    assert (row["low"], row["high"]) == pytest.approx(score_limits(1 / 2, 3))
