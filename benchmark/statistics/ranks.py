"""Comparisons of all pairs of models, and the interval of ranks that they leave to each.

Every pair is compared by the joint bootstrap over questions, and all pairs are one Holm family, so
that with 95 % confidence *no* pair is called different wrongly. A model's rank then lies between 1 +
the number of models significantly better than it and K − the number significantly worse, for all
models at once (Mogstad, Romano, Shaikh and Wilhelm 2024, Review of Economic Studies 91: any test
of all pairs that keeps the family's level gives such intervals).

The critical value of the largest bootstrap statistic, which would use that pairs share models, is not
taken: with 8 questions and five equal models it called some pair different in 13 % of data sets, and
in 8 % with 20; Holm on Student's t in 5 %.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import stdtr

from benchmark.statistics.bootstrap import REPLICATES, bootstrap_macro
from benchmark.statistics.families import holm
from benchmark.statistics.intervals import ROUNDING, Array, Z, macro_interval, ratio_of_sums, zero_uncounted

LEVEL = 0.05


@dataclass(frozen=True)
class Comparisons:
    """All pairs (K, K): row minus column; the diagonal says nothing (difference 0, p 1).

    Attributes:
        difference: of the two rates.
        standard_error: of the difference, from the joint bootstrap or the jackknife, whichever is larger.
        questions: behind each of the two, the fewer.
        freedom: degrees of freedom of Student's t: the fewer of the two models.
        p_value: two-sided, unadjusted.
        adjusted: Holm's p-value, all pairs being one family.
    """

    difference: Array
    standard_error: Array
    questions: Array
    freedom: Array
    p_value: Array
    adjusted: Array


def compare_pairs(a: Array, b: Array, replicates: int = REPLICATES, seed: int = 0) -> Comparisons:
    """Compare the means over cells of every two models.

    The bootstrap's variance is raised by k / (k − 1), since that of k resampled questions is too small by it.
    A draw that leaves a cell without a switch cannot move it, so where cells are thin the bootstrap sees too
    little, and the jackknife is taken. What neither can see has `edge_variance`.

    Args:
        a, b: (K, cells, questions), NaN where a question says nothing; every cell has a rate.
        replicates, seed: of the joint bootstrap.
    """
    macro = macro_interval(a, b)
    rates, moves = macro.rate, macro.moves
    difference = rates[:, None] - rates[None, :]
    size = np.minimum(macro.questions[:, None], macro.questions[None, :])
    fewer = np.maximum(size - 1, 1)
    resampled = bootstrap_macro(a, b, replicates, seed)
    centred = resampled - resampled.mean(axis=0)
    bootstrap = _spread(centred.T @ centred / len(centred)) * size / fewer
    jackknife = _spread(moves @ moves.T) * fewer / size
    own = (moves**2).sum(axis=-1)
    edges = np.array([edge_variance(*entry) for entry in zip(rates, macro.questions, own, strict=True)])
    spread = np.maximum(bootstrap, jackknife) + edges[:, None] + edges[None, :]
    error = np.sqrt(np.where(np.eye(len(rates), dtype=bool), 0, spread))
    with np.errstate(divide="ignore", invalid="ignore"):
        t = np.where(difference == 0, 0.0, np.abs(difference) / error)
    own_freedom = freedom_of(a, b)
    freedom = np.minimum(own_freedom[:, None], own_freedom[None, :])
    p_value = 2 * stdtr(freedom, -t)
    return Comparisons(difference, error, size, freedom, p_value, holm_pairs(p_value))


def _spread(products: Array) -> Array:
    """Variances of the differences of all pairs, from the (K, K) covariances."""
    own = np.diag(products)
    return np.asarray(np.maximum(0, own[:, None] + own[None, :] - 2 * products))


def freedom_of(a: Array, b: Array) -> Array:
    """Degrees of freedom of the variance of a mean over cells, each with its own number of questions.

    Satterthwaite (1946): (Σ v)² / Σ v² / (k − 1) over the cells, v being the clustered variance of a cell with
    k questions that say something; at most the questions of all cells together, less one, and at least 1.

    Args:
        a, b: (…, cells, questions), NaN or 0 where a question says nothing.

    Returns:
        (…).
    """
    a, b = zero_uncounted(a, b)
    ratio = ratio_of_sums(a, b)
    variance = np.nan_to_num(ratio.clustered)
    own = np.maximum(ratio.questions - 1, 1)
    most = np.maximum((b > 0).any(axis=-2).sum(axis=-1) - 1, 1)
    with np.errstate(divide="ignore", invalid="ignore"):
        found = variance.sum(axis=-1) ** 2 / (variance**2 / own).sum(axis=-1)
    # Where nothing varies, the cell with the fewest questions decides.
    return np.asarray(np.clip(np.where(np.isnan(found), own.min(axis=-1), found), 1, most))


def holm_pairs(p_values: Array) -> Array:
    """Holm's adjustment over the pairs of a symmetric (K, K) matrix, each pair counted once."""
    rows, columns = np.triu_indices(len(p_values), k=1)
    adjusted = np.ones_like(p_values)
    adjusted[rows, columns] = adjusted[columns, rows] = holm(p_values[rows, columns])
    return adjusted


def rank_intervals(comparisons: Comparisons, higher_is_better: bool = False) -> tuple[list[int], list[int]]:
    """Best and worst rank of each model, 1 being the best, simultaneously at 95 %."""
    differs = comparisons.adjusted <= LEVEL
    above, below = differs & (comparisons.difference > 0), differs & (comparisons.difference < 0)
    # Row minus column above 0: the column's rate is lower, and so better where low is good.
    better, worse = (below, above) if higher_is_better else (above, below)
    best = 1 + better.sum(axis=1)
    worst = len(better) - worse.sum(axis=1)
    return best.tolist(), worst.tolist()


def edge_variance(rate: float, questions: float, own: float) -> float:
    """Variance to give a rate whose own is 0, since no question moves it: that of the middle of Wilson's interval.

    p̃ (1 − p̃) / ñ with z² / 2 successes and failures added (Agresti and Coull 1998); 0 for other rates. Also a mean
    of cells at 0 and cells at 1 has no variance of its own, which is no certainty.
    """
    if own > ROUNDING**2:
        return 0.0
    size = questions + Z**2
    middle = (questions * rate + Z**2 / 2) / size
    return middle * (1 - middle) / size
