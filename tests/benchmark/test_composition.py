"""What became of the replies: moved answers by class, and outcomes without an answer."""

import pytest

from tests.benchmark.worked_tables import add, ask, share, wilson


def test_switch_composition(connection):
    for n, (control, hinted) in enumerate([("A", "A"), ("B", "C"), ("B", "A"), ("A", "D"), ("C", "C")]):
        ask(connection, f"q{n}", control, hinted)
    add(connection, "q5", "control", "A")
    add(connection, "q5", "hinted", None, outcome="truncated")
    add(connection, "q6", "control", None, outcome="looped")
    add(connection, "q6", "hinted", "C", False)
    for sample, control in enumerate("AC"):
        add(connection, "q7", "control", control, sample=sample)
    add(connection, "q7", "hinted", "C", False)  # half moved, half stayed
    shares = share(connection, "switch_composition", "class")
    expected = {"stayed": 2.5, "to_target": 1.5, "to_key": 1, "to_other": 1, "no_control": 1, "truncated": 1}
    assert {name: 8 * value for name, value in shares.items() if value} == pytest.approx(expected)
    assert set(shares) == set(expected) | {"unparsed", "refused", "wrong_language", "looped", "empty"}


def test_outcomes_by_language_and_arm(connection):
    for n, outcome in enumerate(["answered", "answered", "truncated", "refused"]):
        add(connection, f"q{n}", "control", "A", outcome=outcome)
        add(connection, f"q{n}", "hinted", "A", False)
    found = dict(
        ((arm, outcome), (found, low, high, n))
        for arm, outcome, found, low, high, n in connection.execute(
            "SELECT arm, outcome, rate, low, high, n FROM outcome_rates"
        ).fetchall()
    )
    assert found["control", "truncated"] == pytest.approx((1 / 4, *wilson(1, 4), 4))
    assert found["hinted", "truncated"] == pytest.approx((0, *wilson(0, 4), 4))
    assert len(found) == 2 * 6


def test_without_a_key_nothing_moves_to_it(connection):
    for n, hinted in enumerate("ACD"):
        ask(connection, f"q{n}", "B", hinted, key=None)
    shares = share(connection, "switch_composition", "class")
    assert "to_key" not in shares
    assert {name: value for name, value in shares.items() if value} == pytest.approx(
        {"to_target": 1 / 3, "to_other": 2 / 3}
    )
