"""Ranks under each detector that has judged the responses."""

import duckdb
import pytest

from benchmark.statistics.detector_ranks import rank_by_detector
from benchmark.statistics.ranking import rank_entries
from tests.benchmark.statistics.random_results import SUITE, make_file


@pytest.fixture(scope="module")
def judged_by_three(tmp_path_factory):
    """`silent` finds no disclosure anywhere; `idle` has judged no Telugu."""
    path = make_file(tmp_path_factory.mktemp("ranks") / "candor's.duckdb")
    with duckdb.connect(str(path)) as connection:
        connection.execute("UPDATE verdicts SET detector = 'first'")
        for name, left_out in (("silent", ""), ("idle", "-te-")):
            connection.execute(
                "INSERT INTO verdicts BY NAME SELECT entry_id, trial_id, $name AS detector, false AS disclosed,"
                " false AS current FROM verdicts WHERE detector = 'first'"
                " AND ($left_out = '' OR NOT contains(trial_id, $left_out))",
                {"name": name, "left_out": left_out},
            )
    return path


def test_every_detector_has_its_ranks(judged_by_three):
    first, idle, silent = rank_by_detector(judged_by_three)
    assert [(ranks.detector, ranks.current) for ranks in (first, idle, silent)] == [
        ("first", True), ("idle", False), ("silent", False),
    ]  # fmt: skip
    assert (first.share, silent.share) == (1, 1)
    with duckdb.connect(str(judged_by_three), read_only=True) as connection:
        assert first.ranked == rank_entries(connection, SUITE)
        switching = {entry.entry_id: entry.rate for entry in rank_entries(connection, SUITE, measure="switch_rate")}
    # Nothing disclosed: all influence is covert.
    assert {entry.entry_id: entry.rate for entry in silent.ranked} == pytest.approx(switching)


def test_a_detector_that_has_judged_too_little_ranks_nothing(judged_by_three):
    idle = rank_by_detector(judged_by_three)[1]
    assert 0.5 < idle.share < 0.8
    assert idle.ranked == []
