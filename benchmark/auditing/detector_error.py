"""Sensitivity and specificity of the detector, from labelled switched trials, partially pooled over languages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import betaln
from scipy.stats import beta, chi2_contingency

from benchmark.auditing.population import Flags, Population, design_variance, question_variance
from benchmark.statistics.intervals import Array

#: Weights M that pooling averages over, in labels: flat in the correlation 1/(M + 1) within a language, from
#: languages that are as good as one (.001) to such that share little (1/3).
PRIOR_WEIGHTS = 1 / np.linspace(0.001, 1 / 3, 60) - 1


@dataclass(frozen=True)
class Share:
    """How often the detector is right on one kind of trial: `value` as if `n` independent labels stood behind it.

    `labels` counts the labelled trials of that kind; value is None where there
    are none, or where a stratum has neither two labels nor all of them.
    """

    value: float | None
    n: float
    labels: int


@dataclass(frozen=True)
class Pooled:
    """A share drawn towards the other languages', with its 95 % interval and the n it then amounts to."""

    value: float | None
    low: float | None
    high: float | None
    n: float


def measure_share(population: Population, said: Array, inside: Flags, disclosed: bool) -> Share:
    """Sensitivity (`disclosed`) or specificity (not) in a domain, weighted by a/π.

    Verdicts were drawn at unlike rates, so plain counts of the sample would be wrong. n comes from the
    variance of the weighted ratio, as for the rates. At 0 and 1, where that is 0, it is counted in labels
    of the verdict from which the first exception would come, at most the distinct questions.

    Args:
        population: every trial of the strata that the domain touches.
        said: the verdict, 1 disclosed, 0 not, NaN missing; one for each trial.
        inside: the trials of the domain.
    """
    chosen = population.labelled
    with_verdict = inside & ~np.isnan(said)
    kind = (population.label == (0.0 if disclosed else 1.0)) & with_verdict
    right = kind & (said == float(disclosed))
    labels = int(kind.sum())
    strata = np.unique(population.stratum[with_verdict])
    drawn, sizes = population.drawn[strata], population.sizes[strata]
    if not labels or not bool(((drawn > 1) | (drawn == sizes)).all()):
        return Share(None, 0.0, labels)
    scale = population.weight / population.weight[inside].mean()
    with np.errstate(divide="ignore"):
        expanded = np.where(chosen, scale / population.probability, 0.0)
    whole = float(expanded[kind].sum())
    value = float(expanded[right].sum() / whole)
    if right.sum() in (0, labels):
        # The exceptions to "always right" have the wrong verdict, those to "never right" the right one.
        exception = disclosed if not right.any() else not disclosed
        other = with_verdict & chosen & (said == float(exception))
        heaviest = float(expanded[other].max()) if other.any() else 0.0
        questions = len(np.unique(population.question[kind]))
        return Share(value, min(whole / heaviest, questions) if heaviest else float(questions), labels)
    terms = (scale * (right - value * kind) / whole)[chosen]
    variance = question_variance(population, terms) + design_variance(population, terms)
    share = (labels * value + 1) / (labels + 2)
    return Share(value, min(share * (1 - share) / variance, whole), labels)


def pool_shares(shares: Sequence[Share]) -> list[Pooled]:
    """Beta-binomial empirical Bayes: each language's share drawn towards the mean of the others.

    Languages' shares are taken as Beta(M·m, M·(1 − m)). A language's prior has the mean of all others,
    weighted by 1 / (1/n + 1/(M + 1)), their sampling error and their own spread, with one success and one
    failure added; it weighs M' labels, 1/(M' + 1) = 1/(M + 1) + 1/Σ weights, so that what is not known of
    the mean is not claimed. Posteriors are averaged over M by its marginal likelihood (one best M would make
    intervals too short) and put in one Beta of the same mean and variance; the interval is its 2.5–97.5 %.
    Languages that differ keep their own share; one with few labels leans on the rest. A language alone has
    Jeffreys' prior. A share that is None stays None.
    """
    known = [share for share in shares if share.value is not None]
    if len(known) == 1:
        found = iter([_close(known[0].n * (known[0].value or 0.0) + 0.5, known[0].n + 1)])
    else:
        n = np.array([share.n for share in known], dtype=np.float64)
        found = iter(_pool(n * np.array([share.value for share in known], dtype=np.float64), n))
    return [Pooled(None, None, None, 0.0) if share.value is None else next(found) for share in shares]


def _pool(x: Array, n: Array) -> list[Pooled]:
    """The posterior of each of several languages with x right of n."""
    if not len(n):
        return []
    likely = np.array([_log_likelihood(x, n, weight) for weight in PRIOR_WEIGHTS])
    likely = np.exp(likely - likely.max())
    likely /= likely.sum()
    means, variances = np.zeros_like(n), np.zeros_like(n)
    for chance, weight in zip(likely, PRIOR_WEIGHTS, strict=True):
        a, whole = _posterior(x, n, weight)
        means += chance * a / whole
        variances += chance * ((a / whole) ** 2 + a * (whole - a) / (whole**2 * (whole + 1)))
    wholes = means * (1 - means) / (variances - means**2) - 1
    return [_close(mean * whole, whole) for mean, whole in zip(means, wholes, strict=True)]


def _posterior(x: Array, n: Array, weight: float) -> tuple[Array, Array]:
    """Successes and labels of each language's posterior Beta, given M."""
    information = 1 / (1 / n + 1 / (weight + 1))
    others = information.sum() - information
    mean = ((information @ (x / n)) - information * x / n + 1) / (others + 2)
    prior = np.maximum(1 / (1 / (weight + 1) + 1 / others) - 1, 1.0)
    return x + prior * mean, n + prior


def _log_likelihood(x: Array, n: Array, weight: float) -> float:
    """Marginal log likelihood of M in a beta-binomial with the common mean."""
    mean = (x.sum() + 1) / (n.sum() + 2)
    a, b = weight * mean, weight * (1 - mean)
    return float(np.sum(betaln(a + x, b + n - x) - betaln(a, b)))


def _close(successes: float, whole: float) -> Pooled:
    low, high = beta.ppf((0.025, 0.975), successes, whole - successes)
    return Pooled(float(successes / whole), float(low), float(high), float(whole))


def compare_shares(shares: Sequence[Share]) -> float | None:
    """P value of equal shares: chi-squared on n·share and n·(1 − share), after Rao and Scott (1981).

    None, no test, under two languages with labels, or where all labels say the same.
    """
    table = np.array([[s.n * s.value, s.n * (1 - s.value)] for s in shares if s.value is not None and s.n > 0])
    if len(table) < 2 or not table.sum(axis=0).all():
        return None
    return float(chi2_contingency(table, correction=False).pvalue)
