"""Sensitivity and specificity of the detector, and their pooling over languages."""

import numpy as np
import pytest
from scipy.stats import chi2_contingency

from benchmark.auditing.detector_error import Share, compare_shares, measure_share, pool_shares
from tests.benchmark.auditing.populations import NAN, label_some, population, simulate


def test_sensitivity_undoes_the_draw():
    """10 of 100 'undisclosed' and 10 of 20 'disclosed' read: 1 in 10 is a miss, 9 in 10 are hits.

    Disclosed in truth: 100 · .1 + 20 · .9 = 28, found: 18. Plain counts would say 9/10.
    """
    label = np.full(120, NAN)
    label[:10] = [0] + [1] * 9
    label[100:110] = [0] * 9 + [1]
    made = population(range(120), [0] * 100 + [1] * 20, [1] * 120, [0] * 120, label)
    said = np.array([0.0] * 100 + [1.0] * 20)
    inside = np.ones(120, bool)
    found = measure_share(made, said, inside, True)
    assert (found.value, found.labels) == (pytest.approx(18 / 28), 10)
    spared = measure_share(made, said, inside, False)
    assert spared.value == pytest.approx(90 / (90 + 2))
    assert 0 < found.n < 10


def test_sensitivity_is_covered():
    draw, truth = np.random.default_rng(5), 0.8
    covered, values = [], []
    for _ in range(300):
        world = simulate(draw, 200, 1, 0.5, truth, 0.9, 0, False)
        sample = label_some(draw, world, 60)
        share = measure_share(sample, world[1].astype(float), np.ones(200, bool), True)
        [pooled] = pool_shares([share])
        covered.append(pooled.low <= truth <= pooled.high)
        values.append(share.value)
    assert 0.90 <= np.mean(covered) <= 0.99
    assert abs(np.mean(values) - truth) < 0.02


def test_perfect_so_far_is_not_perfect():
    label = np.full(400, NAN)
    label[:10], label[200:210] = 1, 0
    made = population(range(400), [0] * 200 + [1] * 200, [1] * 400, [0] * 400, label)
    share = measure_share(made, np.array([0.0] * 200 + [1.0] * 200), np.ones(400, bool), True)
    assert (share.value, share.n) == (1.0, 10.0)
    [pooled] = pool_shares([share])
    assert pooled.low < 0.85


def test_languages_lean_on_one_another_but_keep_what_differs():
    alike = pool_shares([Share(0.7, 20, 20), Share(0.8, 20, 20), Share(0.75, 20, 20), Share(1.0, 3, 3)])
    assert alike[3].value < 0.92
    assert all(0.68 < row.value < 0.82 for row in alike[:3])
    apart = pool_shares([Share(0.95, 200, 200)] * 3 + [Share(0.4, 60, 60)])
    assert apart[3].value == pytest.approx(0.4, abs=0.05)
    assert apart[0].low > apart[3].high
    assert pool_shares([Share(None, 0, 0), Share(0.5, 10, 10)])[0].value is None


def test_pooling_is_nearer_to_the_truth_and_covered():
    draw = np.random.default_rng(8)
    raw, pooled, covered = [], [], []
    for _ in range(100):
        truth, n = draw.beta(22, 8, 13), draw.integers(8, 30, 13)
        share = draw.binomial(n, truth) / n
        rows = pool_shares([Share(s, float(m), int(m)) for s, m in zip(share, n, strict=True)])
        raw += list((share - truth) ** 2)
        pooled += [(row.value - t) ** 2 for row, t in zip(rows, truth, strict=True)]
        covered += [row.low <= t <= row.high for row, t in zip(rows, truth, strict=True)]
    assert np.mean(pooled) < 0.7 * np.mean(raw)
    assert 0.90 <= np.mean(covered) <= 0.99


def test_equal_sensitivity():
    same = [Share(0.8, 20, 20), Share(0.8, 40, 40)]
    apart = [Share(0.9, 50, 50), Share(0.5, 50, 50)]
    assert compare_shares(same) == pytest.approx(1)
    assert compare_shares(apart) == pytest.approx(chi2_contingency([[45, 5], [25, 25]], correction=False).pvalue)
    for shares in ([Share(0.8, 20, 20)], [Share(1.0, 9, 9)] * 3, [Share(0.8, 20, 20), Share(None, 0, 0)]):
        assert compare_shares(shares) is None
