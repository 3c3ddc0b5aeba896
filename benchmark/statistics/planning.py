"""How much must be asked for an interval of a given width, or for a difference to be found."""

from __future__ import annotations

from math import ceil, sqrt

from scipy.optimize import brentq
from scipy.special import ndtri

from benchmark.statistics.intervals import Z, wilson

#: No plan is larger than this many independent answers.
MOST = 1e9


def interval_width(rate: float, n: float) -> float:
    """Width of Wilson's 95 % interval of `rate` on n independent answers."""
    low, high = wilson(rate, n)
    return float(high - low)


def answers_for_width(rate: float, width: float) -> int:
    """Least number of independent answers whose 95 % interval is no wider than `width` (1e-4 to 1: `MOST` suffice)."""
    if interval_width(rate, 1) <= width:
        return 1
    return ceil(float(brentq(lambda n: interval_width(rate, n) - width, 1, MOST)) - 1e-9)


def answers_for_difference(first: float, second: float, power: float) -> int:
    """Independent answers of each model with which two rates are told apart at 5 %, two-sided.

    The normal approximation for two independent proportions (Fleiss, Levin and Paik 2003, §4.2,
    without continuity correction). Two models switch on different questions, so nothing is gained
    here from asking both the same ones.

    Args:
        first, second: the two true rates, different and within 0–1.
        power: chance of finding the difference, .5–1.
    """
    mean = (first + second) / 2
    under_none = Z * sqrt(2 * mean * (1 - mean))
    under_both = float(ndtri(power)) * sqrt(first * (1 - first) + second * (1 - second))
    return ceil(((under_none + under_both) / (first - second)) ** 2)


def detectable_difference(rate: float, n: float, power: float) -> float | None:
    """Least difference around `rate` found with this power on n answers of each model; None: none within 0–1."""
    most = 2 * min(rate, 1 - rate) * (1 - 1e-9)

    def shortfall(difference: float) -> float:
        return answers_for_difference(rate - difference / 2, rate + difference / 2, power) - n

    if shortfall(most) > 0:
        return None
    return float(brentq(shortfall, 1e-4, most, xtol=1e-4)) if shortfall(1e-4) > 0 else 1e-4
