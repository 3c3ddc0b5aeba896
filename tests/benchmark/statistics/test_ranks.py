"""Comparisons of all pairs and the intervals of ranks."""

import numpy as np
import pytest

from benchmark.statistics.bootstrap import bootstrap_macro
from benchmark.statistics.intervals import (
    macro_interval,
)
from benchmark.statistics.ranks import compare_pairs, edge_variance, holm_pairs, rank_intervals
from benchmark.statistics.worlds import World, draw


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
