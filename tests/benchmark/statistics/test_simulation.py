"""Simulated worlds, and what the study finds in them."""

import numpy as np
import pytest

from benchmark.statistics.simulation import average, study_cells, study_detector, study_macro, study_no_effect
from benchmark.statistics.worlds import World, draw


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
