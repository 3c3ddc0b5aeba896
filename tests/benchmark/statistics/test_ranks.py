"""Comparisons of all pairs and the intervals of ranks."""

import numpy as np
import pytest
from scipy.stats import ttest_ind

from benchmark.statistics.ranks import compare_pairs, freedom_of, holm_pairs, rank_intervals
from benchmark.statistics.worlds import World, draw


def test_each_pair_counts_once_in_the_family():
    p = np.array([[1, 0.01, 0.2], [0.01, 1, 0.02], [0.2, 0.02, 1]])
    assert holm_pairs(p) == pytest.approx(np.array([[1, 0.03, 0.2], [0.03, 1, 0.04], [0.2, 0.04, 1]]))


def test_rank_intervals_of_clear_and_of_equal_models():
    generator = np.random.default_rng(8)
    rates = np.array([0.1, 0.5, 0.5, 0.9])
    a = (generator.random((4, 1, 400)) < rates[:, None, None]).astype(float)
    a[2] = a[1]
    pairs = compare_pairs(a, np.ones_like(a))
    assert rank_intervals(pairs) == ([1, 2, 2, 4], [1, 3, 3, 4])
    assert rank_intervals(pairs, higher_is_better=True) == ([4, 2, 2, 1], [4, 3, 3, 1])
    one, other = a[0, 0], a[1, 0]
    assert pairs.standard_error[0, 1] == pytest.approx(np.std(one - other, ddof=1) / 400**0.5, rel=0.08)
    assert pairs.p_value[1, 2] == 1 and pairs.p_value[0, 3] < 1e-6
    assert pairs.questions[0, 1] == 400 and pairs.freedom[0, 1] == pytest.approx(399)


def test_models_that_never_vary_are_not_told_apart_by_few_questions():
    for questions, expected in ((2, ([1, 1], [2, 2])), (40, ([1, 2], [1, 2]))):
        a = np.stack([np.zeros((1, questions)), np.ones((1, questions))])
        assert rank_intervals(compare_pairs(a, np.ones_like(a))) == expected


@pytest.mark.parametrize("questions", [2, 8])
def test_cells_at_0_and_at_1_are_no_certainty(questions):
    """Three languages, rates (1, 0, 0) against (1, 1, 0): no question moves either mean."""
    a = np.zeros((2, 3, questions))
    a[0, :1] = a[1, :2] = 1
    pairs = compare_pairs(a, np.ones_like(a))
    assert pairs.p_value[0, 1] > 0.05
    assert 0 < pairs.standard_error[0, 1] < 1


@pytest.mark.parametrize(("questions", "languages"), [(8, 3), (40, 3)])
def test_equal_models_are_told_apart_at_most_in_five_of_a_hundred(questions, languages):
    """Simultaneous: among five equal models, over all ten pairs."""
    generator = np.random.default_rng(9)
    wrong = 0
    for _ in range(200):
        drawn = draw(World(0.5, 0.6, questions, languages=languages), 5, generator)
        pairs = compare_pairs(drawn.w * drawn.u, drawn.w, 300, int(generator.integers(1 << 30)))
        wrong += rank_intervals(pairs) != ([1] * 5, [5] * 5)
    assert wrong <= binomial_most(200)


@pytest.mark.parametrize("parsed", [(5,), (2, 3, 4), (3, 60)])
def test_equal_models_with_thin_cells_are_not_told_apart_more_often(parsed):
    """Of 120 questions some languages have an answer that counts to a handful only."""
    generator = np.random.default_rng(10)
    wrong = 0
    for _ in range(300):
        a = (generator.random((2, len(parsed), 120)) < 0.5).astype(float)
        for cell, count in enumerate(parsed):
            a[:, cell, count:] = np.nan
        pairs = compare_pairs(a, np.ones_like(a), 200, int(generator.integers(1 << 30)))
        wrong += rank_intervals(pairs) != ([1, 1], [2, 2])
    assert wrong <= binomial_most(300)


def test_degrees_of_freedom_of_cells_of_different_size():
    """Satterthwaite's, as SciPy's Welch test has them."""
    generator = np.random.default_rng(11)
    one, other = generator.random(6), generator.random(30)
    a = np.full((1, 2, 30), np.nan)
    a[0, 0, :6], a[0, 1] = one, other
    assert freedom_of(a, np.ones_like(a)) == pytest.approx(min(29, ttest_ind(one, other, equal_var=False).df))


def binomial_most(n):
    """The 99.9th percentile of Binomial(n, .05)."""
    from scipy.stats import binom

    return int(binom.ppf(0.999, n, 0.05))
