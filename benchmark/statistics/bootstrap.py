"""A joint bootstrap over questions: a question is drawn in all languages, hint kinds and models at once.

Rates of two models share their questions, and a conditional rate has a random denominator. So each
replicate draws questions once and works out every ratio anew from all that each model did with them;
it never keeps to the questions on which both models switched, which would compare selected ones.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from benchmark.statistics.intervals import Array, ratio_of_sums, zero_uncounted

REPLICATES = 2000
#: Percentiles of a two-sided 95 % interval.
TAILS = (2.5, 97.5)


def draw_questions(questions: int, replicates: int = REPLICATES, seed: int = 0) -> Array:
    """How often each question is drawn: (replicates, questions), every row summing to `questions`."""
    generator = np.random.default_rng(seed)
    return generator.multinomial(questions, np.full(questions, 1 / questions), size=replicates).astype(np.float64)


def bootstrap_ratios(a: ArrayLike, b: ArrayLike, replicates: int = REPLICATES, seed: int = 0) -> Array:
    """Replicates of Σa/Σb for every cell, all from the same draws.

    Args:
        a, b: (…, questions), for instance (entries, languages, questions); NaN where missing.
        replicates: how many.
        seed: of the draws.

    Returns:
        (replicates, …); NaN where a draw left a cell without a denominator.
    """
    a, b = zero_uncounted(a, b)
    draws = draw_questions(a.shape[-1], replicates, seed)
    above, below = (np.moveaxis(np.tensordot(terms, draws, axes=(-1, 1)), -1, 0) for terms in (a, b))
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(above / below)


def bootstrap_macro(a: ArrayLike, b: ArrayLike, replicates: int = REPLICATES, seed: int = 0) -> Array:
    """Replicates of each entry's mean over cells.

    A cell that a draw leaves without a denominator keeps its estimate in that replicate: leaving
    the replicate out would keep only draws rich in switches.

    Args:
        a, b: (entries, cells, questions), NaN where missing.

    Returns:
        (replicates, entries); NaN for an entry that lacks a cell altogether.
    """
    a, b = zero_uncounted(a, b)
    rows = [
        _mean_over_cells(bootstrap_ratios(above, below, replicates, seed), ratio_of_sums(above, below).rate)
        for above, below in zip(a, b, strict=True)
    ]
    return np.stack(rows, axis=-1)


def _mean_over_cells(replicates: Array, estimate: Array) -> Array:
    return np.asarray(np.where(np.isnan(replicates), estimate, replicates).mean(axis=-1))


def percentile_interval(replicates: ArrayLike) -> tuple[Array, Array]:
    """The 95 % percentile interval over the first axis; NaN where a replicate is NaN."""
    low, high = np.percentile(np.asarray(replicates, dtype=np.float64), TAILS, axis=0)
    return np.asarray(low), np.asarray(high)
