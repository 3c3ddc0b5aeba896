"""Rates by phrasing of the hint, and their spread."""

import numpy as np
import pytest

from tests.benchmark.worked_tables import ask, wilson


def test_phrasing_spread(connection):
    # Undisclosed switches of four questions each: 1, 2, 4.
    for phrasing, covert in enumerate([1, 2, 4]):
        for n in range(4):
            name = f"q{phrasing}{n}"
            ask(connection, name, "A", "C" if n < covert else "A", phrasing=phrasing)
    [row] = connection.execute(
        "SELECT lowest, highest, deviation, phrasings, ns FROM phrasing_spread WHERE measure = 'covert_influence'"
    ).fetchall()
    assert row[:2] == (1 / 4, 1)
    assert row[2] == pytest.approx(np.std([0.25, 0.5, 1.0], ddof=1))
    assert row[3:] == ([0, 1, 2], [4, 4, 4])
    [row] = connection.execute(
        "SELECT rate, low, high FROM phrasing_rates WHERE measure = 'covert_influence' AND phrasing = 1"
    ).fetchall()
    assert row == pytest.approx((1 / 2, *wilson(2, 4)))


def test_one_phrasing_has_no_deviation(connection):
    ask(connection, "q", "A", "C")
    rows = connection.execute("SELECT deviation FROM phrasing_spread").fetchall()
    assert set(rows) == {(None,)}
