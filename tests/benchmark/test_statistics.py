"""Intervals, bootstrap, families and ranks against the views, other implementations and worked examples."""

import duckdb
import numpy as np
import pyarrow as pa
import pytest
from scipy.stats import binomtest, false_discovery_control, norm, t, ttest_1samp

from benchmark.sql import read_sql, read_views
from benchmark.statistics.bootstrap import bootstrap_macro, bootstrap_ratios, draw_questions, percentile_interval
from benchmark.statistics.comparing import compare_by_language, compare_means, list_pairs
from benchmark.statistics.families import benjamini_hochberg, holm
from benchmark.statistics.groups import read_groups
from benchmark.statistics.intervals import (
    Z,
    design_effect,
    effective_n,
    macro_interval,
    normalised_disclosure,
    ratio_interval,
    ratio_of_sums,
    rogan_gladen,
    student_point,
    wilson,
)
from benchmark.statistics.publication import write_ranks
from benchmark.statistics.ranking import rank_entries
from benchmark.statistics.ranks import compare_pairs, edge_variance, holm_pairs, rank_intervals
from benchmark.statistics.simulation import average, study_cells, study_detector, study_macro, study_no_effect
from benchmark.statistics.worlds import World, draw
from benchmark.thresholds import FEW_SWITCHES

SUITE = "exploratory:test"


# --- intervals against SciPy and published examples


def test_wilson_is_scipys_on_whole_numbers():
    generator = np.random.default_rng(0)
    for _ in range(200):
        n = int(generator.integers(1, 400))
        k = int(generator.integers(0, n + 1))
        expected = binomtest(k, n).proportion_ci(method="wilson")
        assert wilson(k / n, n) == pytest.approx((expected.low, expected.high), abs=1e-12)


def test_nothing_can_be_said_of_no_answers():
    assert np.isnan(wilson(np.nan, 0)).all()
    ratio = ratio_of_sums([[np.nan, 1.0]], [[1.0, 0.0]])
    assert np.isnan(ratio.rate).all() and ratio.questions == 0


def sandwich(outcome, weight, cluster):
    """Weighted mean with a cluster-robust variance, CR1 (Liang and Zeger 1986), by matrices over trials."""
    outcome, weight = np.asarray(outcome), np.asarray(weight)
    design = np.ones((len(outcome), 1))
    bread = np.linalg.inv(design.T @ (weight[:, None] * design))
    mean = (bread @ design.T @ (weight * outcome)).item()
    meat = np.zeros((1, 1))
    names = np.unique(cluster)
    for name in names:
        rows = cluster == name
        score = design[rows].T @ (weight[rows] * (outcome[rows] - mean))
        meat += np.outer(score, score)
    return mean, (len(names) / (len(names) - 1) * bread @ meat @ bread).item()


def test_clustered_variance_is_the_cluster_sandwich_of_single_trials():
    generator = np.random.default_rng(1)
    for _ in range(50):
        sizes = generator.integers(1, 6, size=generator.integers(3, 30))
        cluster = np.repeat(np.arange(len(sizes)), sizes)
        weight = generator.uniform(0.1, 1, len(sizes))[cluster]
        outcome = (generator.random(len(cluster)) < generator.random(len(sizes))[cluster]).astype(float)
        a, b = np.bincount(cluster, weight * outcome), np.bincount(cluster, weight)
        mean, variance = sandwich(outcome, weight, cluster)
        ratio = ratio_of_sums(a, b)
        assert ratio.rate == pytest.approx(mean, rel=1e-12)
        assert ratio.clustered == pytest.approx(variance, rel=1e-10)


def test_rogan_gladen_on_a_published_example():
    # RSurveillance, tp(20, 120, 0.9, 0.99, 0.95, "normal"): 0.17603 (0.1011094, 0.2509506).
    found = rogan_gladen(20 / 120, 120, 0.9, np.inf, 0.99, np.inf)
    assert found.rate == pytest.approx(0.17603, abs=5e-6)
    reach = norm.ppf(0.975) * found.standard_error
    assert (found.rate - reach, found.rate + reach) == (
        pytest.approx(0.1011094, abs=5e-8),
        pytest.approx(0.2509506, abs=5e-8),
    )
    # epiR, epi.prev: 23 of 150 cows, sensitivity 96 %, specificity 89 %: 5.1 in 100.
    assert rogan_gladen(23 / 150, 150, 0.96, 100, 0.89, 100).rate == pytest.approx(0.051, abs=5e-4)


def test_rogan_gladen_of_a_perfect_detector_is_agresti_and_coull():
    found = rogan_gladen(3 / 40, 40, 1.0, np.inf, 1.0, np.inf)
    size = 40 + Z**2
    middle = (3 + Z**2 / 2) / size
    reach = Z * np.sqrt(middle * (1 - middle) / size)
    assert (found.rate, found.low, found.high) == pytest.approx((3 / 40, middle - reach, middle + reach))


def test_rogan_gladen_delta_method_against_a_parametric_bootstrap():
    generator = np.random.default_rng(2)
    found = rogan_gladen(0.4, 300, 0.85, 200, 0.92, 150)
    p, se, sp = (generator.binomial(n, share, 200_000) / n for n, share in ((300, 0.4), (200, 0.85), (150, 0.92)))
    assert found.standard_error == pytest.approx(((p + sp - 1) / (se + sp - 1)).std(), rel=0.02)


def test_rogan_gladen_is_not_shown_for_a_poor_detector_and_truncated_for_display_alone():
    assert np.isnan(rogan_gladen(0.4, 100, 0.7, 100, 0.79, 100).rate)
    assert not np.isnan(rogan_gladen(0.4, 100, 0.7, 100, 0.8, 100).rate)
    found = rogan_gladen(0.08, 100, 0.9, 100, 0.9, 100)
    assert found.rate == pytest.approx(-0.025)
    assert found.shown[0] == 0 and found.shown[1] == 0 < found.shown[2]


def test_normalised_disclosure():
    # Of 100 answers 40 moved to the target and 10 to one of two others: 5 of the 40 by chance, so 1 − 1/8.
    assert normalised_disclosure(0.35, 0.4, 0.1) == pytest.approx(0.35 / 0.875)
    assert normalised_disclosure(1.0, 0.4, 0.1) == pytest.approx(1 / 0.875), "not capped: that is for display"
    assert np.isnan(normalised_disclosure(0.5, 0.1, 0.2)), "all moves may be chance"
    assert np.isnan(normalised_disclosure(np.nan, 0.0, 0.1))


# --- the views


def make_trials(samples, seed, languages=("en", "sw", "te"), questions=9, entries=("e1",), kinds=("metadata",)):
    """Random trials with verdicts; some unparsed, some verdicts missing."""
    generator = np.random.default_rng(seed)
    trials, verdicts = [], []
    for entry in entries:
        for language in languages:
            for question in range(questions):
                moved, told = generator.random(2)
                for arm, kind in [("control", None), *((arm, kind) for kind in kinds for arm in ("sham", "hinted"))]:
                    for sample in range(samples):
                        name = f"{entry}-{language}-{question}-{arm}-{kind}-{sample}"
                        at_target = generator.random() < (moved if arm == "hinted" else 0.2)
                        trials.append(
                            {
                                "entry_id": entry, "trial_id": name, "suite": SUITE, "question_id": f"q{question}",
                                "language": language, "arm": arm, "hint_kind": kind, "framing": "plain",
                                "sample": sample, "key": "A", "target": "C", "answer": "C" if at_target else "A",
                                "outcome": "answered" if generator.random() < 0.9 else "truncated", "channel": "raw",
                            }
                        )  # fmt: skip
                        if arm != "control":
                            disclosed = bool(generator.random() < told) if generator.random() < 0.9 else None
                            verdicts.append(
                                {"entry_id": entry, "trial_id": name, "disclosed": disclosed, "current": True}
                            )
    return trials, verdicts


def fill(connection, trials, verdicts):
    connection.execute(read_sql("schema"))
    connection.execute(read_views())
    for table, rows in (("trials", trials), ("verdicts", verdicts)):
        arrow = pa.Table.from_pylist(rows)
        connection.register("arriving", arrow)
        connection.execute(f"INSERT INTO {table} BY NAME FROM arriving")
        connection.unregister("arriving")
    for entry in sorted({trial["entry_id"] for trial in trials}):
        connection.execute(
            "INSERT INTO entries (entry_id, model, provenance) VALUES (?, ?, 'run here')", [entry, f"model {entry}"]
        )


def rows_of(connection, query):
    return connection.sql(query).to_arrow_table().to_pylist()


def terms_of(connection, measure):
    """Cells, and a, b and answers as (cells, questions)."""
    rows = rows_of(connection, f"FROM ratio_terms WHERE measure = '{measure}' ORDER BY ALL")
    cells = sorted({(row["language"], row["hint_kind"]) for row in rows})
    questions = sorted({row["question_id"] for row in rows})
    grids = [np.full((len(cells), len(questions)), np.nan) for _ in range(3)]
    for row in rows:
        place = cells.index((row["language"], row["hint_kind"])), questions.index(row["question_id"])
        for grid, term in zip(grids, ("a", "b", "answers"), strict=True):
            grid[place] = row[term]
    return cells, *grids


MEASURES = ("accuracy", "switch_rate", "covert_influence", "deception_rate")


@pytest.mark.parametrize(("samples", "seed"), [(1, 0), (4, 0), (4, 1)])
def test_functions_and_views_agree(samples, seed):
    connection = duckdb.connect()
    fill(connection, *make_trials(samples, seed))
    for measure in MEASURES:
        cells, a, b, answers = terms_of(connection, measure)
        ratio, low, high = ratio_interval(a, b, samples > 1, answers)
        published = rows_of(connection, f"FROM intervals WHERE measure = '{measure}' ORDER BY language")
        assert [row["language"] for row in published] == [language for language, _ in cells]
        for place, row in enumerate(published):
            assert (row["rate"], row["n"], row["low"], row["high"]) == pytest.approx(
                (ratio.rate[place], ratio.n[place], low[place], high[place]), abs=1e-12
            )
        variances = rows_of(connection, f"FROM ratios WHERE measure = '{measure}' ORDER BY language")
        clustered = [np.nan if row["clustered"] is None else row["clustered"] for row in variances]
        assert clustered == pytest.approx(ratio.clustered.tolist(), abs=1e-12, nan_ok=True)
        [deff] = {row["deff"] for row in variances}
        assert deff == pytest.approx(design_effect(ratio), rel=1e-9)
        assert [row["trials"] for row in variances] == pytest.approx(ratio.trials.tolist())
        [mean] = rows_of(connection, f"FROM macro WHERE measure = '{measure}'")
        macro = macro_interval(a, b)
        assert (mean["rate"], mean["low"], mean["high"], mean["questions"]) == pytest.approx(
            (macro.rate, macro.low, macro.high, macro.questions), abs=1e-12
        )


def test_functions_and_views_agree_where_everything_or_nothing_switched():
    for answer in "AC":
        connection = duckdb.connect()
        trials, verdicts = make_trials(2, 5)
        for trial in trials:
            trial["answer"] = answer if trial["arm"] == "hinted" else "A"
        fill(connection, trials, verdicts)
        _, a, b, answers = terms_of(connection, "switch_rate")
        _, low, high = ratio_interval(a, b, True, answers)
        published = rows_of(connection, "FROM intervals WHERE measure = 'switch_rate' ORDER BY language")
        assert {row["interval_method"] for row in published} == {"wilson on distinct questions"}
        assert [row["low"] for row in published] == pytest.approx(low.tolist(), abs=1e-12)
        assert [row["high"] for row in published] == pytest.approx(high.tolist(), abs=1e-12)


def test_n_of_repeated_questions_is_counted_in_trials():
    """Two answers a question, independent of each other: as much is known as from twice the questions, nearly."""
    generator = np.random.default_rng(4)
    one = (generator.random((1, 1000)) < 0.5).astype(float)
    two = (generator.random((1, 1000, 2)) < 0.5).mean(axis=-1)
    _, once_low, once_high = ratio_interval(one, np.ones_like(one), False)
    _, twice_low, twice_high = ratio_interval(two, np.ones_like(two), True, 2)
    assert (twice_high - twice_low) / (once_high - once_low) == pytest.approx(0.5**0.5, rel=0.05)


def test_one_answer_a_question_counts_the_same_in_trials_and_in_questions():
    ratio = ratio_of_sums([[1.0, 0, 1, 1]], [[1.0, 1, 1, 1]])
    assert ratio.trials == ratio.n == 4
    # Independent answers: deff is k / (k − 1), as everywhere.
    assert effective_n(ratio, True) == pytest.approx(4 / (4 / 3))


def test_students_expansion_is_scipys():
    assert student_point([5, 8, 30, 1000]) == pytest.approx(t.ppf(0.975, [5, 8, 30, 1000]), abs=3e-4)
    assert student_point([2, 3]) == pytest.approx(t.ppf(0.975, [2, 3]), rel=0.02)


def test_mean_of_one_cell_is_students_interval():
    """With b = 1 everywhere the jackknife's variance is s²/n, so only Wilson's shape sets it apart."""
    a = (np.random.default_rng(3).random((1, 400)) < 0.5).astype(float)
    macro = macro_interval(a, np.ones_like(a))
    expected = ttest_1samp(a[0], 0).confidence_interval(0.95)
    assert macro.rate == a.mean()
    assert (macro.low, macro.high) == (pytest.approx(expected.low, abs=1e-3), pytest.approx(expected.high, abs=1e-3))


def test_mean_without_variance_rests_on_its_questions():
    """Half of the languages always, half never: no question moves the mean, which is no certainty."""
    a = np.array([[1.0] * 8, [0.0] * 8])
    macro = macro_interval(a, np.ones_like(a))
    assert (macro.low, macro.high) == pytest.approx(wilson(0.5, 8))
    # Moves that are 0 but for rounding are no variance either.
    tenths = np.full((13, 8), 0.1)
    macro = macro_interval(tenths, np.ones_like(tenths))
    assert (macro.low, macro.high) == pytest.approx(wilson(0.1, 8))


# --- bootstrap


def test_bootstrap_draws_whole_questions_for_everybody():
    draws = draw_questions(7, 50, seed=1)
    assert (draws.sum(axis=1) == 7).all() and draws.std() > 0
    generator = np.random.default_rng(4)
    a, b = generator.random((2, 3, 7)), np.ones((2, 3, 7))
    a[0, 0, 2] = np.nan
    replicates = bootstrap_ratios(a, b, 50, seed=1)
    for replicate in range(50):
        index = np.repeat(np.arange(7), draws[replicate].astype(int))
        assert replicates[replicate, 1, 2] == pytest.approx(a[1, 2, index].mean())
        assert replicates[replicate, 0, 0] == pytest.approx(np.nanmean(a[0, 0, index]))
    assert (bootstrap_ratios(a, b, 50, seed=1) == replicates).all()
    assert (bootstrap_ratios(a, b, 50, seed=2) != replicates).any()


def test_conditional_rates_keep_questions_on_which_only_one_model_switched():
    b = np.array([[[1.0, 1, 1, 1, 0, 0, 0, 0]], [[0.0, 0, 1, 1, 1, 1, 1, 1]]])
    a = np.array([[[0.0, 0, 1, 1, 0, 0, 0, 0]], [[0.0, 0, 0, 0, 1, 1, 1, 1]]])
    replicates = bootstrap_macro(a, b, 4000, seed=0)
    # On common switches (the third and fourth question) the difference would be 1 in every replicate.
    difference = replicates[:, 0] - replicates[:, 1]
    assert difference.mean() == pytest.approx(1 / 2 - 2 / 3, abs=0.03)
    low, high = percentile_interval(difference)
    assert low < -0.5 and high > 0.1


def test_bootstrap_spread_is_the_clustered_error():
    world = draw(World(0.4, 0.8, questions=100), 1, np.random.default_rng(5))
    a, b = world.w * world.u, world.w * world.h
    macro = macro_interval(a, b)
    spread = bootstrap_macro(a, b, 4000, seed=0).std()
    assert spread == pytest.approx(float(np.sqrt(99 / 100 * (macro.moves**2).sum())), rel=0.05)


# --- families and ranks


def test_holm_on_worked_examples():
    # Four hypotheses, the example of Wikipedia's article on the procedure.
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert holm([0.9, 0.8]) == pytest.approx([1, 1])
    assert holm([]).shape == (0,)


def test_holm_rejects_what_stepping_down_rejects():
    generator = np.random.default_rng(6)
    for _ in range(100):
        p = generator.random(8) ** 3
        rejected = np.zeros(8, dtype=bool)
        for step, place in enumerate(np.argsort(p)):
            if p[place] > 0.05 / (8 - step):
                break
            rejected[place] = True
        assert ((holm(p) <= 0.05) == rejected).all()


def test_benjamini_hochberg_is_scipys_and_rejects_what_stepping_up_rejects():
    generator = np.random.default_rng(7)
    for _ in range(100):
        p = generator.random(8) ** 2
        assert benjamini_hochberg(p) == pytest.approx(false_discovery_control(p))
        passed = np.flatnonzero(np.sort(p) <= 0.05 * np.arange(1, 9) / 8)
        rejected = p <= np.sort(p)[passed[-1]] if len(passed) else np.zeros(8, dtype=bool)
        assert ((benjamini_hochberg(p) <= 0.05) == rejected).all()
    assert benjamini_hochberg([]).shape == (0,)


def test_each_pair_counts_once_in_the_family():
    p = np.array([[1, 0.01, 0.2], [0.01, 1, 0.02], [0.2, 0.02, 1]])
    assert holm_pairs(p) == pytest.approx(np.array([[1, 0.03, 0.2], [0.03, 1, 0.04], [0.2, 0.04, 1]]))


def test_rank_intervals_of_clear_and_of_equal_models():
    generator = np.random.default_rng(8)
    rates = np.array([0.1, 0.5, 0.5, 0.9])
    replicates = rates + 0.01 * generator.standard_normal((2000, 4))
    pairs = compare_pairs(rates, replicates, np.zeros(4), 100)
    assert rank_intervals(pairs) == ([1, 2, 2, 4], [1, 3, 3, 4])
    assert rank_intervals(pairs, higher_is_better=True) == ([4, 2, 2, 1], [4, 3, 3, 1])
    assert pairs.standard_error[0, 1] == pytest.approx(0.01 * 2**0.5, rel=0.05)
    assert pairs.p_value[1, 2] == 1 and pairs.p_value[0, 3] < 1e-6


def test_models_that_never_vary_are_not_told_apart_by_one_question():
    rates = np.array([0.0, 1.0])
    edges = np.array([edge_variance(rate, 2) for rate in rates])
    pairs = compare_pairs(rates, np.tile(rates, (100, 1)), edges, 2)
    assert rank_intervals(pairs) == ([1, 1], [2, 2])
    edges = np.array([edge_variance(rate, 40) for rate in rates])
    pairs = compare_pairs(rates, np.tile(rates, (100, 1)), edges, 40)
    assert rank_intervals(pairs) == ([1, 2], [1, 2])


@pytest.mark.parametrize("questions", [8, 40])
def test_equal_models_are_told_apart_at_most_in_five_of_a_hundred(questions):
    """Simultaneous: among five equal models, over all ten pairs."""
    generator = np.random.default_rng(9)
    wrong = 0
    for _ in range(200):
        drawn = draw(World(0.5, 0.6, questions, languages=3), 5, generator)
        a, b = drawn.w * drawn.u, drawn.w
        rates = macro_interval(a, b).rate
        seed = int(generator.integers(1 << 30))
        pairs = compare_pairs(rates, bootstrap_macro(a, b, 300, seed), np.zeros(5), questions)
        wrong += rank_intervals(pairs) != ([1] * 5, [5] * 5)
    assert wrong <= binomial_most(200)


def binomial_most(n):
    """The 99.9th percentile of Binomial(n, .05)."""
    from scipy.stats import binom

    return int(binom.ppf(0.999, n, 0.05))


# --- entries of a results file


def make_file(path, change=lambda trials: None):
    """Models `a` (never switches), `b`, `c`; `d` lacks a question in one language; `u` is uploaded."""
    trials, verdicts = make_trials(1, 0, questions=20, entries=("a", "b", "c", "d", "u"), kinds=("metadata", "leak"))
    for trial in trials:
        trial["outcome"] = "answered"
        if trial["entry_id"] == "a" and trial["arm"] != "control":
            trial["answer"] = "A"
    for verdict in verdicts:
        verdict["disclosed"] = bool(verdict["disclosed"])
    trials = [trial for trial in trials if not trial["trial_id"].startswith("d-sw-3")]
    change(trials)
    with duckdb.connect(str(path)) as connection:
        fill(connection, trials, verdicts)
        connection.execute("UPDATE entries SET provenance = 'uploaded' WHERE entry_id = 'u'")
    return path


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


# --- simulation


def test_worlds_have_the_rates_that_they_claim():
    generator = np.random.default_rng(10)
    drawn = draw(World(0.3, 0.6, 50, 4, chance=0.2, sensitivity=0.9, specificity=0.8), 400, generator)
    assert drawn.w.mean() == pytest.approx(0.8, abs=0.01)
    assert drawn.h.mean() == pytest.approx(0.6, abs=0.01)
    # .3 not disclosed, of which .8 are seen as such; .7 disclosed, of which .1 are missed.
    assert drawn.u.sum() / drawn.h.sum() == pytest.approx(0.3 * 0.8 + 0.7 * 0.1, abs=0.01)
    alike = np.corrcoef(draw(World(0.3, 0.6, 2000, shared=1.0), 1, generator).h[0])
    assert alike[0, 1] == pytest.approx(0.3, abs=0.07)


def test_published_interval_of_one_sample_holds_and_naive_pooling_does_not():
    generator = np.random.default_rng(11)
    cells = {(row.case, row.method): row for row in average(study_cells((0.1, 0.5, 0.9), 40, generator))}
    for questions, switching in ((30, 0.3), (30, 0.8), (100, 0.3), (100, 0.8)):
        assert 0.93 < cells[(questions, 1, switching), "published"].coverage < 0.97
    means = {(row.case, row.method): row for row in average(study_macro((0.5,), 200, generator))}
    assert means[(100, 4, 0.8), "naive pooled"].coverage < 0.75
    assert means[(100, 4, 0.8), "published"].coverage > 0.9


def test_no_effect_centres_on_zero():
    rows = study_no_effect(200, np.random.default_rng(12))
    assert all(abs(row.bias) < 4 * row.noise for row in rows)


def test_correction_removes_the_detectors_bias():
    rows = {(row.case, row.method): row for row in average(study_detector((0.2, 0.8), 60, np.random.default_rng(13)))}
    raw = rows[(0.85, 0.95), "raw"]
    corrected = rows[(0.85, 0.95), "corrected, Lang and Reiczigel"]
    assert raw.bias > 0.05
    assert corrected.bias < 0.01
    assert raw.coverage < 0.8
    assert 0.93 < corrected.coverage < 0.975
