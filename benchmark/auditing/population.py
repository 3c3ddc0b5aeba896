"""The switched trials of a domain with what the detector and the labellers say, as arrays; and variances over them.

The labels are a second phase: trials are drawn at random within strata from those there are, and these
came with their questions. So an estimate varies by the questions (phase 1) and by the draw (phase 2).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from benchmark.statistics.intervals import Array, wilson

Numbers = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Population:
    """Switched trials, one element each.

    Attributes:
        question: number of its question.
        stratum: number of its stratum, from 0 without gaps.
        weight: its weight a in the rate; the rate of interest is Σ a·y / Σ a.
        prediction: f in [0, 1], the detector's probability that it is undisclosed.
        label: y, 1 undisclosed and 0 disclosed; NaN where nobody said.
    """

    question: Numbers
    stratum: Numbers
    weight: Array
    prediction: Array
    label: Array

    @property
    def labelled(self) -> Flags:
        """Where there is a label."""
        return ~np.isnan(self.label)

    @property
    def sizes(self) -> Array:
        """N of each stratum."""
        return np.bincount(self.stratum).astype(np.float64)

    @property
    def drawn(self) -> Array:
        """Labelled trials n of each stratum."""
        return np.bincount(self.stratum[self.labelled], minlength=len(self.sizes)).astype(np.float64)

    @property
    def probability(self) -> Array:
        """π of each trial: labelled / size of its stratum. A label that is missing is taken as missing by chance."""
        return np.asarray((self.drawn / self.sizes)[self.stratum])

    @property
    def covered(self) -> bool:
        """Whether every stratum has a label, so that the whole can be estimated."""
        return bool(len(self.label)) and bool((self.drawn > 0).all())

    @property
    def has_variance(self) -> bool:
        """Whether every stratum has two labels or is labelled throughout."""
        return self.covered and bool(((self.drawn > 1) | (self.drawn == self.sizes)).all())


def mean_within(values: Array, weight: Array, stratum: Numbers, strata: int) -> Array:
    """The weighted mean of each stratum: (strata,)."""
    above = np.bincount(stratum, weight * values, strata)
    return np.asarray(above / np.bincount(stratum, weight, strata))


def design_variance(population: Population, terms: Array, least: Array | float = 0.0) -> float:
    """Variance of the draw (phase 2) of Σ terms/π: Σ N² (1/n − 1/N) s² over strata.

    Cochran, Sampling Techniques (1977), theorem 5.3.

    Args:
        population: with at least two labels a stratum, or all of it labelled.
        terms: one for each labelled trial, in order.
        least: what s² is at least, a value a stratum.
    """
    # A stratum without labels has no terms either, and adds nothing.
    n, size = np.maximum(population.drawn, 1), population.sizes
    squares = np.maximum(spread_within(terms, terms, population.stratum[population.labelled], n), least)
    return float(np.sum(np.where(n < size, size**2 * (1 / n - 1 / size) * squares, 0.0)))


def least_spread(population: Population) -> Array:
    """The s² of a·y/Σa that a stratum has at least, where all its labels agree; 0 elsewhere.

    It is what one more label of each kind would make it: a few equal labels do not prove that all are.
    """
    stratum, n = population.stratum[population.labelled], population.drawn
    ones = np.bincount(stratum, population.label[population.labelled], len(n))
    share = 1 / (n + 2)
    scale = population.weight[population.labelled] / population.weight.sum()
    least = share * (1 - share) * np.bincount(stratum, scale**2, len(n)) / n
    return np.where((ones == 0) | (ones == n), least, 0.0)


def spread_within(first: Array, second: Array, stratum: Numbers, n: Array) -> Array:
    """Covariance within each stratum, divisor n − 1; 0 under two: (strata,)."""
    centre = [np.bincount(stratum, terms, len(n)) / n for terms in (first, second)]
    products = (first - centre[0][stratum]) * (second - centre[1][stratum])
    return np.asarray(np.bincount(stratum, products, len(n)) / np.maximum(n - 1, 1))


def question_variance(population: Population, terms: Array) -> float:
    """Variance by the questions (phase 1) of Σ terms over all trials, clustered, estimated from those labelled.

    k/(k − 1) Σ_q (Σ_{i in q} e_i)², each product e_i e_j expanded by 1/π_ij (Horvitz and Thompson 1952;
    Särndal, Swensson and Wretman 1992, §9.3). Not below what independent trials would have (a design
    effect of at least 1, DESIGN §6).

    Args:
        population: every stratum with a label.
        terms: e, one for each labelled trial, in order.
    """
    stratum, question = population.stratum[population.labelled], population.question[population.labelled]
    n, size = population.drawn, population.sizes
    pairs, place = np.unique(np.stack([question, stratum]), axis=1, return_inverse=True)
    place = place.reshape(-1)
    sums, squares = np.bincount(place, terms), np.bincount(place, terms**2)
    n, size = n[pairs[1]], size[pairs[1]]
    expanded = sums * size / n
    across = np.sum(np.bincount(pairs[0], expanded) ** 2) - np.sum(expanded**2)
    both = np.where(n > 1, size * (size - 1) / np.maximum(n * (n - 1), 1), 0.0)
    alone = float(np.sum(squares * size / n))
    questions = len(np.unique(population.question))
    clustered = alone + float(across + np.sum((sums**2 - squares) * both))
    return max(alone, clustered) * questions / max(questions - 1, 1)


def interval_of(rate: float, variance: float, labels: int, trials: int) -> tuple[float, float]:
    """Wilson's 95 % interval on the n that the variance amounts to, at most the trials there are.

    The n is p(1 − p)/variance with one label of each kind added to p, so that it stands at 0 and 1 too.
    """
    share = (labels * min(max(rate, 0.0), 1.0) + 1) / (labels + 2)
    n = min(share * (1 - share) / variance, trials) if variance > 0 else trials
    low, high = wilson(min(max(rate, 0.0), 1.0), n)
    return float(low), float(high)
