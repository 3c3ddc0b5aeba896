"""Corrections for many tests."""

import numpy as np
import pytest
from scipy.stats import false_discovery_control

from benchmark.statistics.families import benjamini_hochberg, holm


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
