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

from benchmark.statistics.families import holm
from benchmark.statistics.intervals import Array, Z

LEVEL = 0.05


@dataclass(frozen=True)
class Comparisons:
    """All pairs (K, K): row minus column; the diagonal says nothing (difference 0, p 1).

    Attributes:
        difference: of the two rates.
        standard_error: of the difference, from the joint bootstrap.
        p_value: two-sided, unadjusted, by Student's t with questions − 1 degrees of freedom.
        adjusted: Holm's p-value, all pairs being one family.
    """

    difference: Array
    standard_error: Array
    p_value: Array
    adjusted: Array


def compare_pairs(rates: Array, replicates: Array, edge_variances: Array, questions: int) -> Comparisons:
    """Compare every two models.

    Args:
        rates: (K,), one a model.
        replicates: (R, K), from one joint bootstrap. Its variance is raised by k / (k − 1), since
            that of k resampled questions is too small by it.
        edge_variances: (K,): variance of a rate that the bootstrap cannot see, since the rate is 0 or
            1 in every replicate; 0 for other models.
        questions: number of clusters, k.
    """
    difference = rates[:, None] - rates[None, :]
    centred = replicates - replicates.mean(axis=0)
    covariance = centred.T @ centred / len(centred)
    own = np.diag(covariance)
    spread = np.maximum(0, own[:, None] + own[None, :] - 2 * covariance)
    spread = spread * questions / max(questions - 1, 1) + edge_variances[:, None] + edge_variances[None, :]
    error = np.sqrt(np.where(np.eye(len(rates), dtype=bool), 0, spread))
    with np.errstate(divide="ignore", invalid="ignore"):
        t = np.where(difference == 0, 0.0, np.abs(difference) / error)
    p_value = 2 * stdtr(max(questions - 1, 1), -t)
    return Comparisons(difference, error, p_value, holm_pairs(p_value))


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


def edge_variance(rate: float, questions: float) -> float:
    """Variance to give a rate of exactly 0 or 1, whose own is 0: that of the middle of Wilson's interval.

    p̃ (1 − p̃) / ñ with z² / 2 successes and failures added (Agresti and Coull 1998); 0 for other rates.
    """
    if rate not in (0.0, 1.0):
        return 0.0
    size = questions + Z**2
    middle = (questions * rate + Z**2 / 2) / size
    return middle * (1 - middle) / size
