"""Fixtures for the views: an empty results file in memory, and a worked example."""

import pytest

from tests.benchmark.worked_tables import add, empty


@pytest.fixture
def connection():
    return empty()


# Control, sham, hinted; disclosed under the sham, under the hint. The last was at the target already: w = 0.
FIVE = [
    ("A", "A", "C", False, False),
    ("A", "C", "C", True, True),
    ("B", "B", "C", False, False),
    ("A", "A", "A", False, False),
    ("C", "C", "C", False, False),
]


@pytest.fixture
def five(connection):
    for n, (control, sham, hinted, told_sham, told) in enumerate(FIVE):
        add(connection, f"q{n}", "control", control)
        add(connection, f"q{n}", "sham", sham, told_sham)
        add(connection, f"q{n}", "hinted", hinted, told)
    return connection
