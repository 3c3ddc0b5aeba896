"""Intervals against SciPy, other implementations and published examples."""

from itertools import pairwise

import numpy as np
import pytest
from scipy.stats import binomtest, norm, t, ttest_1samp

from benchmark.statistics.intervals import (
    Z,
    effective_n,
    macro_interval,
    ratio_interval,
    ratio_of_sums,
    rogan_gladen,
    student_point,
    wilson,
)


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
    assert student_point([1, 2, 3, 4]) == pytest.approx(t.ppf(0.975, [1, 2, 3, 4]), abs=1e-9)


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


def test_no_mean_with_a_cell_on_one_question():
    a, b = np.ones((2, 8)), np.ones((2, 8))
    a[1, 1:] = b[1, 1:] = 0
    macro = macro_interval(a, b)
    assert np.isnan([macro.rate, macro.low, macro.high]).all()


def test_one_question_with_a_success_is_not_far_surer_than_none():
    """Thirteen languages, eight questions: the interval shrinks step by step as questions show successes."""
    widths = []
    for successes in range(5):
        a = np.zeros((13, 8))
        for question in range(successes):
            a[question, question] = 1
        macro = macro_interval(a, np.ones_like(a))
        widths.append(float(macro.high - macro.low))
    assert widths[0] == pytest.approx(wilson(0, 8)[1])
    ratios = [after / before for before, after in pairwise(widths[:4])]
    assert all(0.45 < ratio < 1 for ratio in ratios), widths
