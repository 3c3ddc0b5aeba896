"""Intervals and clustered errors against independent implementations."""

from math import sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.benchmark.worked_tables import add, empty, score_limits, wilson


@settings(deadline=None)  # the first example makes the views
@given(st.integers(1, 2000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson_is_scipys(counts):
    hits, n = counts
    assert empty().execute("SELECT wilson_low($p, $n), wilson_high($p, $n)", {"p": hits / n, "n": n}).fetchone() == (
        pytest.approx(wilson(hits, n), abs=1e-12)
    )


def test_wilson_of_nothing_is_null(connection):
    assert connection.execute("SELECT wilson_low(NULL, 5), wilson_high(0.5, 0)").fetchone() == (None, None)


QUESTION = st.tuples(
    st.sampled_from("AAAC"),
    st.lists(st.sampled_from("AC"), min_size=1, max_size=4),
    st.lists(st.tuples(st.sampled_from("AC"), st.booleans()), min_size=1, max_size=4),
)


def sandwich(rows):
    """Cluster-robust errors (CR1 without a correction for parameters) of two weighted means and their difference.

    `rows`: (question, sham or not, value, weight), one a trial: least squares of the value on a constant and
    the arm, straight from the matrices.
    """
    names = sorted({question for question, *_ in rows})
    design = np.array([[not sham, sham] for _, sham, _, _ in rows], float)
    value, weight = (np.array([row[index] for row in rows], float) for index in (2, 3))
    bread = np.linalg.inv(design.T @ (design * weight[:, None]))
    residual = value - design @ (bread @ design.T @ (weight * value))
    scores = design * (weight * residual)[:, None]
    meat = np.zeros((2, 2))
    for name in names:
        total = scores[[question == name for question, *_ in rows]].sum(axis=0)
        meat += np.outer(total, total)
    covariance = len(names) / (len(names) - 1) * bread @ meat @ bread
    contrast = np.array([1, -1])
    return sqrt(max(0, covariance[0, 0])), sqrt(max(0, contrast @ covariance @ contrast))


@settings(max_examples=25, deadline=None)
@given(st.lists(QUESTION, min_size=2, max_size=8))
def test_clustered_errors_are_those_of_a_sandwich(questions):
    connection = empty()
    rows = []
    for n, (control, shams, hinted) in enumerate(questions):
        add(connection, f"q{n}", "control", control)
        for sample, answer in enumerate(shams):
            add(connection, f"q{n}", "sham", answer, False, sample=sample)
            rows.append((n, True, answer == "C", 1 / len(shams)))
        for sample, (answer, told) in enumerate(hinted):
            add(connection, f"q{n}", "hinted", answer, told, sample=sample)
            rows.append((n, False, answer == "C" and not told, 1 / len(hinted)))
    rows = [row for row in rows if questions[row[0]][0] != "C"]
    if len({row[0] for row in rows}) < 2:
        return
    own, difference = sandwich(rows)
    found, low, high, questions, method = connection.execute(
        "SELECT rate, low, high, questions, interval_method FROM intervals WHERE measure = 'covert_influence'"
    ).fetchone()
    if method != "wilson":
        # trials / max(1, deff), deff the clustered variance over the binomial one.
        trials = sum(not sham for _, sham, _, _ in rows)
        n = questions if found in (0, 1) else min(trials, found * (1 - found) / max(own**2, 1e-12))
        assert (low, high) == pytest.approx(score_limits(found, n), abs=1e-6)
    [found] = connection.execute("SELECT standard_error FROM intervals WHERE measure = 'covert_influence'").fetchall()
    assert found == pytest.approx((own,), abs=1e-9)
    [found] = connection.execute(
        "SELECT standard_error FROM contrasts WHERE measure = 'net_covert_influence'"
    ).fetchall()
    assert found == pytest.approx((difference,), abs=1e-7)
