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


def planned_design_effect(
    share: float, samples: int, languages: int, samples_alike: float, languages_alike: float
) -> float:
    """Variance of a rate against that of as many independent answers, where a question is asked more than once.

    Kish (Survey Sampling, 1965, ch. 5): 1 + (m − 1)ρ for clusters of m answers with intraclass correlation ρ.
    Only some answers count, so clusters differ in size, and m − 1 is how many others count beside one that
    does, on average. Each of the others counts with probability share + ρ(1 − share): what makes one answer
    to a question count makes the next one count too. Answers in the same language and in others have a ρ each.

    Args:
        share: of the answers to a question that count; of conditional rates, those that switched.
        samples, languages: answers to each question, and languages in which they are asked for.
        samples_alike, languages_alike: ρ of two answers to a question in one language, in two languages;
            one number for whether an answer counts and for what it says.
    """
    beside = (samples - 1) * (share + samples_alike * (1 - share))
    elsewhere = (languages - 1) * samples * (share + languages_alike * (1 - share))
    return 1 + beside * samples_alike + elsewhere * languages_alike


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
