"""Entries of a results file: ranks, comparisons, and the tables that hold them."""

import duckdb
import numpy as np
import pytest
from scipy.stats import false_discovery_control

from benchmark.sql import read_sql
from benchmark.statistics.comparing import compare_by_language, compare_means, list_pairs
from benchmark.statistics.groups import read_groups
from benchmark.statistics.publication import write_ranks
from benchmark.statistics.ranking import rank_entries
from benchmark.thresholds import FEW_SWITCHES
from tests.benchmark.statistics.random_results import SUITE, make_file, rows_of


@pytest.fixture(scope="module")
def ranked_file(tmp_path_factory):
    with duckdb.connect(str(make_file(tmp_path_factory.mktemp("ranks") / "candor.duckdb"))) as connection:
        yield connection


def test_complete_entries_are_ranked(ranked_file):
    ranked = rank_entries(ranked_file, SUITE, replicates=500)
    first, second, third = ranked
    assert first.entry_id == "a" and {second.entry_id, third.entry_id} == {"b", "c"}
    assert (first.rate, first.low) == (0, 0) and first.high > 0
    assert (first.cells, first.thin_cells, first.model) == (6, 0, "model a")
    assert (first.best, first.worst) == (1, 1)
    assert (second.best, third.worst) == (2, 3)


def test_rates_of_ranked_entries_are_means_of_the_published_cells(ranked_file):
    ranked = rank_entries(ranked_file, SUITE, replicates=200)
    cells = rows_of(ranked_file, "FROM intervals WHERE measure = 'covert_influence'")
    for entry in ranked:
        rates = [cell["rate"] for cell in cells if cell["entry_id"] == entry.entry_id]
        assert entry.rate == pytest.approx(np.mean(rates), abs=1e-12) and len(rates) == entry.cells
    assert rank_entries(ranked_file, SUITE, replicates=200) == ranked


def test_a_model_that_never_switches_has_no_deception_rate_and_no_rank_by_it(ranked_file):
    ranked = rank_entries(ranked_file, SUITE, measure="deception_rate", replicates=200)
    assert {entry.entry_id for entry in ranked} == {"b", "c"}
    assert all(entry.n >= FEW_SWITCHES for entry in ranked)


def test_accuracy_ranks_from_the_top(ranked_file):
    rates = [entry.rate for entry in rank_entries(ranked_file, SUITE, measure="accuracy", replicates=200)]
    assert rates == sorted(rates, reverse=True) and len(rates) == 3


def test_channels_are_ranked_apart(tmp_path):
    def show_visible(trials):
        for trial in trials:
            if trial["entry_id"] == "b":
                trial["channel"] = "visible"

    with duckdb.connect(str(make_file(tmp_path / "candor.duckdb", show_visible))) as connection:
        ranked = rank_entries(connection, SUITE, replicates=200)
    assert {entry.entry_id: entry.ranked_within for entry in ranked} == {"a": "raw", "c": "raw", "b": "visible"}
    alone = next(entry for entry in ranked if entry.entry_id == "b")
    assert (alone.best, alone.worst, alone.entries) == (1, 1, 1)


def test_an_entry_with_a_cell_that_has_no_rate_is_not_ranked(tmp_path):
    """Every hinted reply of `b` in Telugu was cut off; another entry's cells, or none, make no difference."""

    def cut_off(trials):
        for trial in trials:
            if trial["entry_id"] == "b" and trial["language"] == "te" and trial["arm"] == "hinted":
                trial.update(outcome="truncated", answer=None)

    with duckdb.connect(str(make_file(tmp_path / "candor.duckdb", cut_off))) as connection:
        assert {entry.entry_id for entry in rank_entries(connection, SUITE, replicates=200)} == {"a", "c"}
        connection.execute("DELETE FROM trials WHERE entry_id <> 'b'; DELETE FROM entries WHERE entry_id <> 'b'")
        assert rank_entries(connection, SUITE, replicates=200) == []


def rank_changed(path, *statements):
    with duckdb.connect(str(make_file(path / "candor.duckdb"))) as connection:
        for statement in statements:
            connection.execute(statement)
        return {entry.entry_id for entry in rank_entries(connection, SUITE, replicates=200)}


def test_switches_without_verdicts_are_no_rank(tmp_path):
    """A tenth may be missing; an entry whose judge failed more often is not ranked."""
    hide = "UPDATE verdicts SET disclosed = NULL WHERE entry_id = 'b' AND hash(trial_id) % 5 = 0"
    assert rank_changed(tmp_path, hide) == {"a", "c"}


def test_other_prompts_under_the_same_suite_are_not_ranked_together(tmp_path):
    change = "UPDATE trials SET prompt_hash = 'other' WHERE entry_id = 'b' AND trial_id LIKE 'b-en-4-hinted-leak-0'"
    assert rank_changed(tmp_path, change) == set()


def test_what_an_upload_was_asked_is_not_wanted_of_others(tmp_path):
    more = "INSERT INTO trials SELECT * REPLACE ('extra' AS question_id) FROM trials WHERE entry_id = 'u'"
    assert rank_changed(tmp_path, more) == {"a", "b", "c"}


def test_debates_are_reported_apart(tmp_path):
    """Nobody but `a` debated; nobody's rank changes."""
    debate = (
        "INSERT INTO trials SELECT * REPLACE ('peer' AS hint_kind, trial_id || 'p' AS trial_id)"
        " FROM trials WHERE entry_id = 'a' AND hint_kind = 'leak'"
    )
    assert rank_changed(tmp_path, debate) == {"a", "b", "c"}


def test_an_unfinished_run_of_a_frozen_suite_is_not_ranked(tmp_path):
    with duckdb.connect(str(make_file(tmp_path / "candor.duckdb"))) as connection:
        connection.execute("UPDATE trials SET suite = 'candor-1-quick'")
        assert rank_entries(connection, "candor-1-quick", replicates=200) == []


def test_unknown_suite_has_no_ranks(ranked_file):
    assert rank_entries(ranked_file, "candor-9") == []


def test_pairs_are_one_family_over_the_means_and_exploratory_by_language(ranked_file):
    [group] = read_groups(ranked_file, SUITE)
    means = {(pair.entry_id, pair.other_id): pair for pair in list_pairs(group, compare_means(group, 500))}
    assert set(means) == {("a", "b"), ("a", "c"), ("b", "c")}
    assert means["a", "b"].difference < 0 and means["a", "b"].high < 0
    assert means["a", "b"].p_value < means["a", "b"].adjusted < 0.05
    assert not means["a", "b"].exploratory and means["a", "b"].language is None
    by_language = compare_by_language(group, 500)
    assert {(pair.language, pair.entry_id, pair.other_id) for pair in by_language} == {
        (language, *names) for language in ("en", "sw", "te") for names in means
    }
    assert all(pair.exploratory and pair.correction == "benjamini-hochberg" for pair in by_language)
    expected = false_discovery_control([pair.p_value for pair in by_language])
    assert [pair.adjusted for pair in by_language] == pytest.approx(expected.tolist())
    # The mean of the languages' differences is that of the means, every language having as many hint kinds.
    of_pair = [pair.difference for pair in by_language if (pair.entry_id, pair.other_id) == ("a", "b")]
    assert np.mean(of_pair) == pytest.approx(means["a", "b"].difference)


def test_ranks_and_comparisons_are_written_as_tables(ranked_file):
    ranked_file.execute(read_sql("ranks"))
    write_ranks(ranked_file)
    rows = rows_of(ranked_file, "FROM ranks ORDER BY rate")
    ranked = {entry.entry_id: entry for entry in rank_entries(ranked_file, SUITE)}
    assert len(rows) == len(ranked) == 3
    for row in rows:
        entry = ranked[row["entry_id"]]
        assert (row["suite"], row["framing"], row["measure"]) == (SUITE, "plain", "covert_influence")
        assert (row["rate"], row["low"], row["high"], row["n"]) == (entry.rate, entry.low, entry.high, entry.n)
        assert (row["best"], row["worst"], row["entries"]) == (entry.best, entry.worst, 3)
    counts = ranked_file.execute("SELECT exploratory, count(*) FROM comparisons GROUP BY ALL ORDER BY ALL").fetchall()
    assert counts == [(False, 3), (True, 9)]
    ranked_file.execute("DROP TABLE ranks; DROP TABLE comparisons")
