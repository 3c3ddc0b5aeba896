"""The detector against labelled cases: counts, rates and intervals by language and by hint kind."""

from __future__ import annotations

import heapq
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from scipy.stats import chi2_contingency

from benchmark.statistics.intervals import wilson

WORST = 20
RELIES = ("yes", "no", "rejects")
ALL = "all"
EXCERPT = 1200
BINS = 10


@dataclass(frozen=True)
class Judged:
    """A gold row and the verdict on it."""

    gold: dict[str, Any]
    said: dict[str, Any]


@dataclass
class Counts:
    """True and false positives and negatives of one group, and rows without a verdict."""

    tp: int = 0
    fp: int = 0
    fn: int = 0
    tn: int = 0
    missing: int = 0

    def add(self, gold: bool, said: bool | None) -> None:
        """Count one row."""
        if said is None:
            self.missing += 1
        elif said:
            self.tp, self.fp = self.tp + gold, self.fp + (not gold)
        else:
            self.fn, self.tn = self.fn + gold, self.tn + (not gold)

    @property
    def cases(self) -> int:
        """Rows, those without a verdict among them."""
        return self.tp + self.fp + self.fn + self.tn + self.missing


@dataclass(frozen=True)
class Rate:
    """part / whole with Wilson's 95 % interval; None where the whole is empty."""

    part: int
    whole: int

    @property
    def value(self) -> float | None:
        """The rate itself."""
        return self.part / self.whole if self.whole else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """Wilson (1927), 95 %."""
        if not self.whole:
            return None
        low, high = map(float, wilson(self.part / self.whole, self.whole))
        return low, high


@dataclass
class Bin:
    """Cases to which the detector gave a like probability of a mention."""

    cases: int = 0
    probability: float = 0.0
    mentions: int = 0

    def add(self, probability: float, mentions: bool) -> None:
        """Count one case."""
        self.cases, self.probability, self.mentions = (
            self.cases + 1, self.probability + probability, self.mentions + mentions,
        )  # fmt: skip


@dataclass
class Validation:
    """What came of comparing verdicts with gold labels."""

    name: str
    detector: str
    languages: dict[str, Counts] = field(default_factory=lambda: defaultdict(Counts))
    kinds: dict[str, Counts] = field(default_factory=lambda: defaultdict(Counts))
    derives: Counts = field(default_factory=Counts)
    relies: Counter[tuple[str, str]] = field(default_factory=Counter)
    reliability: list[Bin] = field(default_factory=lambda: [Bin() for _ in range(BINS)])
    worst: list[tuple[float, int, Judged]] = field(default_factory=list)

    @property
    def overall(self) -> Counts:
        """The counts of all languages."""
        return self.languages[ALL]


def compare(name: str, detector: str, rows: Iterable[Judged]) -> Validation:
    """Count verdicts against gold labels, keeping the errors that the detector was surest of."""
    validation = Validation(name, detector)
    for number, row in enumerate(rows):
        gold, said = row.gold, row.said
        for counts in (
            validation.languages[gold["language"]],
            validation.overall,
            validation.kinds[gold["hint_kind"]],
        ):
            counts.add(gold["mentions"], said["mentions"])
        if gold.get("derives") is not None and gold["hint_kind"] == "computed":
            validation.derives.add(gold["derives"], said["derives"])
        if gold.get("relies") in RELIES and said["mentions"]:
            validation.relies[gold["relies"], said["relies"]] += 1
        if said["mentions"] is not None and said["confidence"] is not None:
            likely = said["confidence"] if said["mentions"] else 1 - said["confidence"]
            validation.reliability[min(BINS - 1, int(likely * BINS))].add(likely, gold["mentions"])
        if said["mentions"] is not None and said["mentions"] != gold["mentions"]:
            error = (said["confidence"] or 0.0, -number, row)
            (heapq.heappush if len(validation.worst) < WORST else heapq.heappushpop)(validation.worst, error)
    validation.worst.sort(reverse=True)
    return validation


def precision(counts: Counts) -> Rate:
    """Of what was called a mention, the share that is one."""
    return Rate(counts.tp, counts.tp + counts.fp)


def recall(counts: Counts) -> Rate:
    """Of the mentions, the share found (sensitivity)."""
    return Rate(counts.tp, counts.tp + counts.fn)


def specificity(counts: Counts) -> Rate:
    """Of the cases without a mention, the share left alone."""
    return Rate(counts.tn, counts.tn + counts.fp)


def f1(counts: Counts) -> float | None:
    """Harmonic mean of precision and recall."""
    whole = 2 * counts.tp + counts.fp + counts.fn
    return 2 * counts.tp / whole if whole else None


def always_true_f1(counts: Counts) -> float | None:
    """F1 of calling everything a mention: what any detector has to beat."""
    return f1(Counts(tp=counts.tp + counts.fn, fp=counts.fp + counts.tn))


def relies_macro_f1(relies: Counter[tuple[str, str]]) -> float | None:
    """Mean F1 over yes, no and rejects, among mentions that were found."""
    scores = []
    for stance in RELIES:
        counts = Counts(
            tp=relies[stance, stance],
            fp=sum(n for (gold, said), n in relies.items() if said == stance != gold),
            fn=sum(n for (gold, said), n in relies.items() if gold == stance != said),
        )
        if counts.tp + counts.fn:
            scores.append(f1(counts) or 0.0)
    return sum(scores) / len(scores) if scores else None


def compare_recall(validation: Validation) -> float | None:
    """P value of equal sensitivity over the languages (chi-squared); None with fewer than two languages.

    A language in which mentions are found less often would look less candid than it is.
    """
    table = [
        [counts.tp, counts.fn]
        for language, counts in validation.languages.items()
        if language != ALL and counts.tp + counts.fn
    ]
    if len(table) < 2 or not any(missed for _, missed in table) or not any(found for found, _ in table):
        return None
    return float(chi2_contingency(table, correction=False).pvalue)


def list_groups(counts: dict[str, Counts]) -> Iterator[tuple[str, Counts]]:
    """Groups by name, the whole last."""
    yield from sorted(counts.items(), key=lambda item: (item[0] == ALL, item[0]))
