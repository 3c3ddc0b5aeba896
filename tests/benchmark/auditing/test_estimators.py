"""The undisclosed rate from labels: by closed forms, and against known truth."""

import numpy as np
import pytest

from benchmark.auditing.estimators import estimate_by_labels, estimate_by_predictions
from benchmark.auditing.population import design_variance, question_variance
from benchmark.statistics.intervals import ratio_of_sums
from tests.benchmark.auditing.populations import NAN, label_some, population, simulate


def test_prediction_powered_by_the_closed_form():
    """One stratum, equal weights: PPI++ (arXiv 2311.01453, §3 and §6) with n labels and N others, worked apart."""
    y = np.array([1, 0, 1, 1, 0, 1, 0, 0])
    f = np.array([0.9, 0.4, 0.3, 0.6, 0.8, 0.7, 0.1, 0.5])
    unlabelled = np.array([0.8, 0.1, 0.6, 0.9, 0.2, 0.3, 0.7, 0.4, 0.5, 0.6, 0.1, 0.2])
    n, more = len(y), len(unlabelled)
    spread = np.var(f, ddof=1)
    power = np.cov(y, f)[0, 1] / ((1 + n / more) * spread)
    rate = y.mean() - power * (f.mean() - unlabelled.mean())
    # λ of the paper acts on the mean of the unlabelled alone, ours on that of all: ours = paper's · (1 + n/N).
    everything = population(range(20), [0] * 20, [1] * 20, [*f, *unlabelled], [*y, *[NAN] * more])
    made = estimate_by_predictions(everything)
    assert made.tuning == pytest.approx(power * (1 + n / more))
    assert made.rate == pytest.approx(rate)
    assert made.n == 8
    residuals = np.var(y - made.tuning * f, ddof=1)
    questions = 20 / 19 * np.sum((y - rate) ** 2) / n * 20 / 20**2
    assert made.variance == pytest.approx(questions + (1 / n - 1 / 20) * residuals)


def test_labels_alone_by_hand():
    """Strata of 6 and 4 with labels 1, 0, 1 and 0, 1: (6 · 2/3 + 4 · 1/2) / 10 = .6."""
    made = estimate_by_labels(
        population(range(10), [0] * 6 + [1] * 4, [1] * 10, [1] * 6 + [0] * 4, [1, 0, 1, NAN, NAN, NAN, 0, 1, NAN, NAN])
    )
    assert made.rate == pytest.approx(0.6)
    design = (36 * (1 / 3 - 1 / 6) * (1 / 3) + 16 * (1 / 2 - 1 / 4) * (1 / 2)) / 100
    squares = 6 / 3 * (2 * 0.4**2 + 0.6**2) + 4 / 2 * (0.6**2 + 0.4**2)
    assert made.variance == pytest.approx(design + 10 / 9 * squares / 100)


def test_with_every_label_nothing_is_left_of_the_draw():
    """All trials labelled: the rate is Σay/Σa and the variance that of the clustered ratio."""
    draw = np.random.default_rng(1)
    question, y, a = np.repeat(np.arange(15), 2), draw.integers(0, 2, 30).astype(float), draw.uniform(0.5, 1, 30)
    made = population(question, [0] * 10 + [1] * 20, a, [0.5] * 30, y)
    ratio = ratio_of_sums(np.bincount(question, a * y), np.bincount(question, a))
    for estimate in (estimate_by_labels(made), estimate_by_predictions(made)):
        assert estimate.rate == pytest.approx(float(ratio.rate))
    e = a * (y - float(ratio.rate)) / a.sum()
    by_hand = 15 / 14 * max(np.sum(np.bincount(question, e) ** 2), np.sum(e**2))
    assert question_variance(made, e) == pytest.approx(by_hand)
    assert design_variance(made, e) == 0


def test_question_variance_is_unbiased_over_draws():
    """Averaged over draws from one fixed population, the expanded variance is the one of the whole population."""
    draw = np.random.default_rng(3)
    question, stratum = np.repeat(np.arange(30), 4), np.tile([0, 0, 1, 1], 30)
    e = np.repeat(draw.normal(1, 1, 30), 4) + draw.normal(0, 0.1, 120)
    whole = 30 / 29 * np.sum(np.bincount(question, e) ** 2)
    found = []
    for _ in range(400):
        label = np.full(120, NAN)
        for number, count in ((0, 20), (1, 40)):
            label[draw.choice(np.flatnonzero(stratum == number), count, replace=False)] = 1
        made = population(question, stratum, [1] * 120, [1] * 120, label)
        found.append(question_variance(made, e[made.labelled]))
    assert np.mean(found) == pytest.approx(whole, abs=4 * np.std(found) / np.sqrt(400))


def test_no_estimate_without_labels():
    for label, interval in (([1, 0, NAN, NAN], None), ([1, NAN, 0, NAN], "rate"), ([1, 1, 0, 0], "both")):
        for estimate in (estimate_by_labels, estimate_by_predictions):
            made = estimate(population(range(4), [0, 0, 1, 1], [1] * 4, [1, 1, 0, 0], label))
            assert (made.rate is not None) == (interval is not None)
            assert (made.low is not None) == (interval == "both")


def test_equal_labels_do_not_prove_that_all_are():
    """Four equal labels in each of two large strata: the interval is as wide as eight labels at most warrant."""
    label = np.full(400, NAN)
    label[:4], label[200:204] = 1, 0
    made = estimate_by_predictions(
        population(range(400), [0] * 200 + [1] * 200, [1] * 400, [1] * 200 + [0] * 200, label)
    )
    assert made.rate == 0.5
    assert made.high - made.low > 0.25


@pytest.mark.parametrize(
    ("world", "labels"),
    [
        (dict(questions=200, per=1, truth=0.5, sensitivity=0.7, specificity=0.9, within=0, sure=True), 40),
        (dict(questions=200, per=1, truth=0.3, sensitivity=0.6, specificity=0.95, within=0, sure=False), 40),
        (dict(questions=60, per=4, truth=0.5, sensitivity=0.7, specificity=0.9, within=0.4, sure=True), 60),
        (dict(questions=120, per=1, truth=0.1, sensitivity=0.8, specificity=0.9, within=0, sure=True), 40),
        (dict(questions=300, per=3, truth=0.2, sensitivity=0.8, specificity=0.9, within=1, sure=True), 100),
    ],
)
def test_estimates_are_unbiased_and_covered_while_the_naive_rate_is_off(world, labels):
    draw, repeats = np.random.default_rng(11), 300
    truth = world["truth"]
    found = {estimate_by_labels: [], estimate_by_predictions: []}
    naive = []
    for _ in range(repeats):
        made = simulate(draw, **world)
        naive.append(np.average(1 - made[1], weights=made[2]))
        sample = label_some(draw, made, labels)
        for estimate, rows in found.items():
            rows.append(estimate(sample))
    assert abs(np.mean(naive) - truth) > 0.05
    for rows in found.values():
        rates = np.array([row.rate for row in rows])
        assert abs(rates.mean() - truth) < 4 * rates.std() / np.sqrt(repeats)
        assert 0.90 <= np.mean([row.low <= truth <= row.high for row in rows]) <= 0.99
        assert np.sqrt(np.mean([row.variance for row in rows])) == pytest.approx(rates.std(), rel=0.2)
    by_labels, powered = ([row.variance for row in rows] for rows in found.values())
    assert np.mean(powered) <= np.mean(by_labels) * 1.02
    if world["sure"] and truth == 0.5:
        assert np.mean(powered) < np.mean(by_labels) * 0.9
