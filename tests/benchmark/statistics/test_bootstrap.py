"""The joint bootstrap over questions."""

import numpy as np
import pytest

from benchmark.statistics.bootstrap import bootstrap_macro, bootstrap_ratios, draw_questions, percentile_interval
from benchmark.statistics.intervals import (
    macro_interval,
)
from benchmark.statistics.worlds import World, draw


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
