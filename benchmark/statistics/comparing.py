"""Pairs of entries: by their means over everything, one family, and by language, which is exploratory."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
from scipy.special import stdtrit

from benchmark.statistics.bootstrap import REPLICATES
from benchmark.statistics.families import benjamini_hochberg
from benchmark.statistics.groups import Group
from benchmark.statistics.ranks import Comparisons, compare_pairs

HOLM, BENJAMINI_HOCHBERG = "holm", "benjamini-hochberg"


@dataclass(frozen=True)
class Comparison:
    """One pair of entries.

    Attributes:
        language: None for the means over all languages.
        difference: of the rates, `entry_id` minus `other_id`; `low`, `high`: its own 95 % interval, not adjusted.
        questions: behind the rate of each, the fewer of the two; `freedom`: degrees of freedom, fewer still where
            some languages have few of them.
        p_value: two-sided, by Student's t; `adjusted` for the family, by `correction`.
        exploratory: no claim rests on it: the family of all languages and pairs was not fixed beforehand.
    """

    ranked_within: str
    language: str | None
    entry_id: str
    other_id: str
    difference: float
    low: float
    high: float
    questions: int
    freedom: float
    p_value: float
    adjusted: float
    correction: str
    exploratory: bool


def compare_means(group: Group, replicates: int = REPLICATES) -> Comparisons:
    """All pairs of a group, by each entry's mean over its cells."""
    return compare_pairs(group.a, group.b, replicates)


def compare_by_language(group: Group, replicates: int = REPLICATES) -> list[Comparison]:
    """All pairs within each language, one family of all languages and pairs (Benjamini–Hochberg)."""
    languages = np.array(group.languages)
    found = []
    for language in dict.fromkeys(group.languages):
        cells = languages == language
        alone = replace(group, a=group.a[:, cells], b=group.b[:, cells], languages=(language,) * int(cells.sum()))
        found += list(list_pairs(alone, compare_means(alone, replicates), language))
    adjusted = benjamini_hochberg([comparison.p_value for comparison in found])
    return [
        replace(comparison, adjusted=float(p), correction=BENJAMINI_HOCHBERG, exploratory=True)
        for comparison, p in zip(found, adjusted, strict=True)
    ]


def list_pairs(group: Group, pairs: Comparisons, language: str | None = None) -> Iterator[Comparison]:
    """Each pair once, adjusted as one Holm family."""
    for one, other in combinations(range(len(group.entry_ids)), 2):
        difference, freedom = float(pairs.difference[one, other]), float(pairs.freedom[one, other])
        reach = float(stdtrit(freedom, 0.975) * pairs.standard_error[one, other])
        yield Comparison(
            ranked_within=group.ranked_within,
            language=language,
            entry_id=group.entry_ids[one],
            other_id=group.entry_ids[other],
            difference=difference,
            low=max(-1.0, difference - reach),
            high=min(1.0, difference + reach),
            questions=int(pairs.questions[one, other]),
            freedom=freedom,
            p_value=float(pairs.p_value[one, other]),
            adjusted=float(pairs.adjusted[one, other]),
            correction=HOLM,
            exploratory=False,
        )
