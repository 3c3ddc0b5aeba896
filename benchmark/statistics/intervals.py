"""Rates with their intervals, as functions of numbers: what the SQL views publish, and what SQL cannot do.

The views (`1_macros.sql`, `3_rates.sql`, `4_leaderboard.sql`) hold the published rates. The first
half of this file says the same in NumPy, for simulation and planning; a test holds the two together.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtri

Array = NDArray[np.float64]

#: The 97.5 % point of the normal distribution: two-sided 95 % intervals.
Z = float(ndtri(0.975))
#: What is no larger is 0 but for rounding.
ROUNDING = 1e-9
#: So many questions with either outcome are wanted before a jackknife's variance is taken as it is.
SETTLED = 3
#: Where the expansion of Student's distribution is too coarse: its 97.5 % points.
FEW_FREEDOM = {1: 12.706204736174698, 2: 4.302652729749462, 3: 3.182446305283710, 4: 2.776445105197793}
#: Se + Sp − 1 from which on a rate corrected for the detector's errors is shown.
LEAST_YOUDEN = 0.5


@dataclass(frozen=True)
class Ratio:
    """Σa/Σb over questions, one value a cell.

    Attributes:
        rate: the ratio, NaN where no question counts.
        n: Σb.
        trials: Σ b·answers, the answers behind n; n itself where each question has one.
        questions: number of questions that count (a known, b > 0).
        clustered: variance of the rate, clustered by question; NaN under two questions.
        binomial: variance that as many independent answers would have.
    """

    rate: Array
    n: Array
    trials: Array
    questions: Array
    clustered: Array
    binomial: Array


@dataclass(frozen=True)
class Macro:
    """Mean of the rates of all cells, with its 95 % interval; NaN unless every cell has a rate.

    `moves` (…, questions) is how far the mean moves when the question is left out of all cells at once;
    the sum of its squares times (k − 1) / k is the variance.
    """

    rate: Array
    low: Array
    high: Array
    questions: Array
    moves: Array


def wilson(rate: ArrayLike, n: ArrayLike) -> tuple[Array, Array]:
    """Wilson's 95 % interval (Wilson 1927) of a proportion on n, which need not be whole.

    Args:
        rate: proportions in [0, 1]; NaN gives NaN.
        n: number behind each; 0 gives NaN.
    """
    p, size = np.asarray(rate, dtype=np.float64), np.asarray(n, dtype=np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        centre = p + Z**2 / (2 * size)
        reach = Z * np.sqrt(p * (1 - p) / size + Z**2 / (4 * size * size))
        shrink = 1 + Z**2 / size
        return np.maximum(0, (centre - reach) / shrink), np.minimum(1, (centre + reach) / shrink)


def ratio_of_sums(a: ArrayLike, b: ArrayLike, answers: ArrayLike = 1) -> Ratio:
    """Σa/Σb over the last axis with its variance clustered by question.

    The linearised variance of a ratio with the factor k / (k − 1) for k clusters (Cochran,
    Sampling Techniques, 1977, §6.4 and §11; CR1 of the cluster-robust literature).

    Args:
        a, b: (…, questions); NaN where a question says nothing, which then is left out.
        answers: how many answers stand behind each b; broadcast over it.
    """
    a, b = zero_uncounted(a, b)
    questions = (b > 0).sum(axis=-1).astype(np.float64)
    n = b.sum(axis=-1)
    trials = np.where(b > 0, b * np.asarray(answers, dtype=np.float64), 0.0).sum(axis=-1)
    with np.errstate(divide="ignore", invalid="ignore"):
        rate = a.sum(axis=-1) / n
        squares = ((a - rate[..., None] * b) ** 2).sum(axis=-1)
        clustered = np.where(questions > 1, questions / (questions - 1) * squares / n**2, np.nan)
        return Ratio(rate, n, trials, questions, clustered, rate * (1 - rate) / trials)


def zero_uncounted(a: ArrayLike, b: ArrayLike) -> tuple[Array, Array]:
    """The terms with 0 in both where a question does not count: a unknown, b unknown or not above 0."""
    a, b = np.asarray(a, dtype=np.float64), np.asarray(b, dtype=np.float64)
    counts = (b > 0) & ~np.isnan(a)
    return np.where(counts, a, 0.0), np.where(counts, b, 0.0)


def design_effect(ratio: Ratio) -> Array:
    """Σ clustered / Σ binomial variance over the last axis (languages); NaN where that is 0 / 0."""
    known = ~np.isnan(ratio.clustered)
    with np.errstate(divide="ignore", invalid="ignore"):
        clustered = np.where(known, ratio.clustered, 0.0).sum(axis=-1)
        binomial = np.where(known, ratio.binomial, 0.0).sum(axis=-1)
        return np.asarray(np.where(binomial > 0, clustered / binomial, np.nan))


def effective_n(ratio: Ratio, repeated: ArrayLike) -> Array:
    """The n for Wilson's interval of each cell (DESIGN §6): n, the distinct questions, or trials / max(1, deff).

    Args:
        ratio: cells (…, languages); the design effect is pooled over languages.
        repeated: whether a question counts more than once in the cell; broadcast over cells.
    """
    deff = np.nan_to_num(design_effect(ratio), nan=1.0)[..., None]
    clustered = np.where((ratio.rate == 0) | (ratio.rate == 1), ratio.questions, ratio.trials / np.maximum(1, deff))
    return np.where(np.asarray(repeated), clustered, ratio.n)


def ratio_interval(
    a: ArrayLike, b: ArrayLike, repeated: ArrayLike, answers: ArrayLike = 1
) -> tuple[Ratio, Array, Array]:
    """The published interval of every cell: the ratio, low and high.

    Args:
        a, b: (…, languages, questions), NaN where missing.
        repeated: as in `effective_n`.
        answers: as in `ratio_of_sums`.
    """
    ratio = ratio_of_sums(a, b, answers)
    return (ratio, *wilson(ratio.rate, effective_n(ratio, repeated)))


def student_point(freedom: ArrayLike) -> Array:
    """The 97.5 % point of Student's distribution, as SQL can hold it too.

    From a table up to 4 degrees of freedom, then by the expansion of Abramowitz and Stegun (1964), 26.7.5,
    within 0.0003.
    """
    v = np.asarray(freedom, dtype=np.float64)
    terms = (
        (Z**3 + Z) / 4,
        (5 * Z**5 + 16 * Z**3 + 3 * Z) / 96,
        (3 * Z**7 + 19 * Z**5 + 17 * Z**3 - 15 * Z) / 384,
        (79 * Z**9 + 776 * Z**7 + 1482 * Z**5 - 1920 * Z**3 - 945 * Z) / 92160,
    )
    expanded = np.asarray(Z + sum(term / v**power for power, term in enumerate(terms, 1)))
    return np.asarray(np.select([v == few for few in FEW_FREEDOM], list(FEW_FREEDOM.values()), expanded))


def macro_interval(a: ArrayLike, b: ArrayLike) -> Macro:
    """Mean over cells, each counting the same; Wilson's interval on the n that the variance amounts to.

    A question is asked in every cell, so each is left out of all of them in turn (delete-a-cluster
    jackknife, "CV3" with t(k − 1) in Cameron and Miller 2015, §VI): the linearised variance is too
    small where a cell has few questions with a switch. What only one or two questions show, or fail to, says
    little of how much questions differ: n goes from the number of questions, where none does (0 or 100 %), to
    the jackknife's where SETTLED do, in equal ratios. NaN where a cell has fewer than two questions,
    since what leaving out its only one would do cannot be told.

    Args:
        a, b: (…, cells, questions), NaN where missing.
    """
    a, b = zero_uncounted(a, b)
    rates = ratio_of_sums(a, b).rate
    several = ((b > 0).sum(axis=-1) > 1).all(axis=-1)
    rate = rates.mean(axis=-1) + np.where(several, 0.0, np.nan)
    rest = b.sum(axis=-1, keepdims=True) - b
    with np.errstate(divide="ignore", invalid="ignore"):
        without = (a.sum(axis=-1, keepdims=True) - a) / rest
        moves = (np.where(rest > ROUNDING, without, np.nan) - rates[..., None]).mean(axis=-2)
        questions = (b > 0).any(axis=-2).sum(axis=-1).astype(np.float64)
        variance = (questions - 1) / questions * (moves**2).sum(axis=-1)
        widening = (student_point(np.maximum(questions - 1, 1)) / Z) ** 2
        at_edge = (rate == 0) | (rate == 1) | ~(variance > ROUNDING**2)
        n = np.where(at_edge, questions, rate * (1 - rate) / (variance * widening))
        some, not_all = ((terms > ROUNDING).any(axis=-2).sum(axis=-1) for terms in (a, b - a))
        settled = np.minimum(np.minimum(some, not_all) / SETTLED, 1)
        n = np.minimum(n, questions ** (1 - settled) * n**settled)
    return Macro(rate, *wilson(rate, n), questions, moves)


@dataclass(frozen=True)
class Corrected:
    """A rate corrected for the detector's errors, with a 95 % interval; NaN where it may not be shown.

    `rate`, `low` and `high` are raw and may leave [0, 1]; `shown` is the triple cut to it, for display alone.
    """

    rate: Array
    standard_error: Array
    low: Array
    high: Array

    @property
    def shown(self) -> tuple[Array, Array, Array]:
        """Rate, low and high, truncated to [0, 1]."""
        return np.clip(self.rate, 0, 1), np.clip(self.low, 0, 1), np.clip(self.high, 0, 1)


def rogan_gladen(
    rate: ArrayLike,
    n: ArrayLike,
    sensitivity: ArrayLike,
    sensitivity_n: ArrayLike,
    specificity: ArrayLike,
    specificity_n: ArrayLike,
) -> Corrected:
    """The rate that a perfect detector would have found (Rogan and Gladen 1978).

    Estimate (rate + Sp − 1) / (Se + Sp − 1), standard error by the delta method. The interval is
    Lang and Reiczigel's (2014, Prev. Vet. Med. 113, eqs. 4–17): the same delta method after adding
    z² / 2 successes and failures to the rate and one of each to Se and Sp, with a shift of the
    middle, since the plain one fails as Wald's does when a share is near 0 or 1.

    Args:
        rate: detected rate of disclosure; `n`: the (effective) number behind it.
        sensitivity, specificity: of the detector, on labelled switched responses.
        sensitivity_n, specificity_n: labelled cases behind each; infinity: known exactly.

    Returns:
        NaN where Se + Sp − 1 < .5: there the correction would magnify noise beyond use.
    """
    p, se, sp = (np.asarray(value, dtype=np.float64) for value in (rate, sensitivity, specificity))
    n, se_n, sp_n = (np.asarray(value, dtype=np.float64) for value in (n, sensitivity_n, specificity_n))
    usable = np.where(se + sp - 1 >= LEAST_YOUDEN, 1.0, np.nan)
    estimate, variance = _corrected(p, n, se, se_n, sp, sp_n)
    p_more, n_more = (n * p + Z**2 / 2) / (n + Z**2), n + Z**2
    se_more, sp_more = _add_one_of_each(se, se_n), _add_one_of_each(sp, sp_n)
    middle, spread = _corrected(p_more, n_more, se_more, se_n + 2, sp_more, sp_n + 2)
    shift = 2 * Z**2 * (
        middle * se_more * (1 - se_more) / (se_n + 2) - (1 - middle) * sp_more * (1 - sp_more) / (sp_n + 2)
    )  # fmt: skip
    reach = Z * np.sqrt(spread)
    return Corrected(
        estimate * usable,
        np.sqrt(variance) * usable,
        (middle + shift - reach) * usable,
        (middle + shift + reach) * usable,
    )


def _corrected(p: Array, n: Array, se: Array, se_n: Array, sp: Array, sp_n: Array) -> tuple[Array, Array]:
    """The corrected rate and its variance by the delta method, all three shares estimated independently."""
    youden = se + sp - 1
    with np.errstate(divide="ignore", invalid="ignore"):
        rate = (p + sp - 1) / youden
        spread = p * (1 - p) / n + rate**2 * se * (1 - se) / se_n + (1 - rate) ** 2 * sp * (1 - sp) / sp_n
        return rate, spread / youden**2


def _add_one_of_each(share: Array, n: Array) -> Array:
    """The share after one more success and one more failure; the share itself where n is infinite."""
    with np.errstate(invalid="ignore"):
        return np.where(np.isinf(n), share, (n * share + 1) / (n + 2))
