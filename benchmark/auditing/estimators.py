"""The undisclosed rate of switched trials from a labelled sample: by labels alone, and prediction-powered.

Angelopoulos et al. 2023, "Prediction-powered inference" (Science 382; arXiv 2301.09633) and PPI++
(arXiv 2311.01453), for a weighted mean in a stratified sample: within a stratum h the mean of f over
all its trials is known, and the labels say by how much f is off there,

    θ = Σ_h W_h [ λ·f̄_h + mean over labels of (y − λ·f) ],     W_h = Σ_h a / Σ a,

with means weighted by a (Hájek) and λ in [0, 1] where the variance is least. In one stratum with equal
weights that is PPI++ itself. A good detector narrows the interval; a bad one does not bias it.

Where the strata are the verdicts and f is the verdict, f is constant in each of them and drops out: the
draw has then already spent all that the verdict knows. What λ adds is the detector's confidence, or the
verdicts of a detector that came after the draw.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from benchmark.auditing.population import (
    Population,
    design_variance,
    interval_of,
    least_spread,
    mean_within,
    question_variance,
    spread_within,
)

#: Variance of f, in squared weights, that is rounding.
TINY = 1e-12


@dataclass(frozen=True)
class Estimate:
    """A rate with its 95 % interval.

    Attributes:
        rate: not cut to [0, 1]; None where a stratum has no label.
        low, high: None where a stratum has one label only.
        n: labels behind it.
        variance: by the questions and by the draw; None as the interval.
        tuning: λ; None in the label-only estimate, and where f does not vary within any stratum.
    """

    rate: float | None
    low: float | None
    high: float | None
    n: int
    variance: float | None = None
    tuning: float | None = None


def estimate_by_labels(population: Population) -> Estimate:
    """The classical estimate, Σ a·y/π over Σ a/π of the labelled trials (Hájek 1971)."""
    chosen = population.labelled
    n = int(chosen.sum())
    if not population.covered:
        return Estimate(None, None, None, n)
    y, a = population.label[chosen], population.weight[chosen]
    expanded = a / population.probability[chosen]
    rate = float(expanded @ y / expanded.sum())
    return _with_interval(population, rate, a * (y - rate) / expanded.sum(), None)


def estimate_by_predictions(population: Population) -> Estimate:
    """The prediction-powered estimate, λ tuned."""
    chosen = population.labelled
    if not population.covered:
        return Estimate(None, None, None, int(chosen.sum()))
    tuning = tune(population)
    power = tuning or 0.0
    strata, stratum = len(population.sizes), population.stratum[chosen]
    y, a, f = population.label[chosen], population.weight[chosen], population.prediction[chosen]
    share = np.bincount(population.stratum, population.weight, strata) / population.weight.sum()
    predicted = mean_within(population.prediction, population.weight, population.stratum, strata)
    off = mean_within(y - power * f, a, stratum, strata)
    rate = float(share @ (power * predicted + off))
    terms = a * (y - power * f - off[stratum]) / population.weight.sum()
    return _with_interval(population, rate, terms, tuning)


def tune(population: Population) -> float | None:
    """λ of the least variance, Σ c·cov(y, f) / Σ c·var(f) over strata with c = N² (1/n − 1/N), cut to [0, 1].

    PPI++, §6, over strata; both moments come from the labelled trials, as in a regression estimator
    (Cochran 1977, §7.3), so that predictions that are right give λ = 1 in any sample. None where f does
    not vary within the labelled part of any stratum that is not labelled throughout.
    """
    chosen, strata = population.labelled, len(population.sizes)
    n, size = population.drawn, population.sizes
    stratum, a = population.stratum[chosen], population.weight[chosen]
    f, y = (
        a * (values - mean_within(values, a, stratum, strata)[stratum])
        for values in (population.prediction[chosen], population.label[chosen])
    )
    c = size**2 * (1 / n - 1 / size)
    below = float(c @ spread_within(f, f, stratum, n))
    if below <= TINY * float(c.sum() * np.mean(a) ** 2):
        return None
    return min(max(float(c @ spread_within(y, f, stratum, n)) / below, 0.0), 1.0)


def _with_interval(population: Population, rate: float, terms: np.ndarray, tuning: float | None) -> Estimate:
    """The estimate with its variance: `terms` are the linearised residuals of the draw."""
    chosen = population.labelled
    n = int(chosen.sum())
    if not population.has_variance:
        return Estimate(rate, None, None, n, None, tuning)
    by_question = population.weight[chosen] * (population.label[chosen] - rate) / population.weight.sum()
    variance = question_variance(population, by_question) + design_variance(population, terms, least_spread(population))
    low, high = interval_of(rate, variance, n, len(population.label))
    return Estimate(rate, low, high, n, variance, tuning)
