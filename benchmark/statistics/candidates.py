"""Intervals that hold their level where the published ones do not; `candor simulate` sets both side by side.

Two things differ from the views. A cell counts its n in trials, not in questions, so that several
samples of a question narrow its interval as much as they should. A mean over languages takes its
variance from the jackknife over questions, and Student's distribution in place of the normal one,
since the linearised variance is too small where a cell has few questions with a switch.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import stdtrit

from benchmark.statistics.intervals import Array, Ratio, Z, design_effect, left_out, ratio_of_sums, wilson


def effective_n_in_trials(ratio: Ratio, trials: ArrayLike) -> Array:
    """n / max(1, deff) with n in trials; at 0 or 100 % the distinct questions.

    Args:
        ratio: cells (…, languages).
        trials: Σ b × number of answers behind b, for each cell. With one sample it equals n.
    """
    in_trials = np.asarray(trials, dtype=np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        binomial = ratio.rate * (1 - ratio.rate) / in_trials
    deff = np.nan_to_num(design_effect(replace(ratio, binomial=binomial)), nan=1.0)[..., None]
    at_edge = (ratio.rate == 0) | (ratio.rate == 1)
    return np.where(at_edge, ratio.questions, in_trials / np.maximum(1, deff))


def macro_jackknife(a: ArrayLike, b: ArrayLike) -> tuple[Array, Array, Array]:
    """Mean over cells with the interval of a jackknife over questions: rate, low, high.

    Each question is left out in turn from all cells at once (delete-a-cluster jackknife, "CV3" with
    t(k − 1) in Cameron and Miller 2015, §VI). Wilson's interval on the n that the variance and
    Student's wider quantile amount to.

    Args:
        a, b: (…, cells, questions), NaN where missing.
    """
    a, b = left_out(a, b)
    rates = ratio_of_sums(a, b).rate
    rate = rates.mean(axis=-1)
    rest = b.sum(axis=-1, keepdims=True) - b
    with np.errstate(divide="ignore", invalid="ignore"):
        without = (a.sum(axis=-1, keepdims=True) - a) / rest
        # The only question of a cell cannot be left out of it.
        moved = (np.where(rest > 1e-9, without, rates[..., None]) - rates[..., None]).mean(axis=-2)
        questions = (b > 0).any(axis=-2).sum(axis=-1).astype(np.float64)
        variance = (questions - 1) / questions * (moved**2).sum(axis=-1)
        widening = (stdtrit(np.maximum(questions - 1, 1), 0.975) / Z) ** 2
        at_edge = (rate == 0) | (rate == 1) | ~(variance > 0)
        n = np.where(at_edge, questions, rate * (1 - rate) / (variance * widening))
    return (rate, *wilson(rate, n))
