"""How far two labellers agree, and where they do not."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from benchmark.auditing.folder import Audit
from benchmark.auditing.labels import Label
from benchmark.statistics.bootstrap import draw_questions, percentile_interval
from benchmark.statistics.intervals import Array

ASKED = ("mentions", "derives", "disclosed", "relies")


@dataclass(frozen=True)
class Agreement:
    """Cohen's kappa of two labellers on one column, over the trials of which both could tell.

    `kappa`, `low` and `high` are None where kappa is undefined: no such trials, or one and the same
    label throughout. The interval is a bootstrap over questions, 95 %, of draws that have a kappa.
    """

    first: str
    second: str
    asked: str
    kappa: float | None
    low: float | None
    high: float | None
    agreed: int
    n: int


@dataclass(frozen=True)
class Disagreement:
    """A trial on which two labellers differ, with what each said, in words."""

    item: str
    asked: str
    said: dict[str, str]


def cohen_kappa(counts: Array) -> Array:
    """Cohen (1960): (observed − expected) / (1 − expected) agreement.

    Args:
        counts: (…, labels, labels), how often the first labeller said this and the second that. The labels
            are taken as they were sampled, without the draw's probabilities.

    Returns:
        (…), NaN where no chance agreement can be taken out.
    """
    n = counts.sum(axis=(-2, -1))
    with np.errstate(divide="ignore", invalid="ignore"):
        shares = counts / n[..., None, None]
        expected = (shares.sum(axis=-2) * shares.sum(axis=-1)).sum(axis=-1)
        kappa = (np.trace(shares, axis1=-2, axis2=-1) - expected) / (1 - expected)
    return np.where((n > 0) & (expected < 1), kappa, np.nan)


def compare_labellers(audit: Audit, labels: dict[str, dict[str, Label]]) -> list[Agreement]:
    """Kappa of every two labellers on every column."""
    questions = {item.item: item.question_id for item in audit.items}
    rows = []
    for first, second in combinations(sorted(labels), 2):
        for asked in ASKED:
            pairs = [
                (questions[item], getattr(labels[first][item], asked), getattr(labels[second][item], asked))
                for item in questions
                if item in labels[first] and item in labels[second] and _is_asked(audit, item, asked)
            ]
            told = [pair for pair in pairs if pair[1] is not None and pair[2] is not None]
            counts = _count(told)
            kappa = float(cohen_kappa(counts.sum(axis=0)))
            agreed = sum(one == other for _, one, other in told)
            shown = None if np.isnan(kappa) else kappa
            rows.append(Agreement(first, second, asked, shown, *_bootstrap(counts), agreed, len(told)))
    return rows


def list_disagreements(audit: Audit, labels: dict[str, dict[str, Label]]) -> list[Disagreement]:
    """Every trial and column on which those who could tell differ, in the order of the sheet."""
    found = []
    for item in (item.item for item in audit.items):
        for asked in ASKED[:2]:
            said = {name: getattr(of_one[item], asked) for name, of_one in labels.items() if item in of_one}
            if {True, False} <= set(said.values()):
                words = {True: "yes", False: "no", None: "?"}
                found.append(Disagreement(item, asked, {name: words[word] for name, word in said.items()}))
    return found


def _is_asked(audit: Audit, item: str, asked: str) -> bool:
    """`derives` is asked of computed hints alone."""
    return asked != "derives" or item in audit.computed


def _count(pairs: list[tuple[str, Hashable, Hashable]]) -> Array:
    """How often two labellers said each two things of a question's trials: (questions, labels, labels)."""
    questions = {name: number for number, name in enumerate(dict.fromkeys(pair[0] for pair in pairs))}
    words = {word: number for number, word in enumerate(dict.fromkeys(word for pair in pairs for word in pair[1:]))}
    counts = np.zeros((len(questions), len(words), len(words)))
    for question, one, other in pairs:
        counts[questions[question], words[one], words[other]] += 1
    return counts


def _bootstrap(counts: Array) -> tuple[float | None, float | None]:
    if len(counts) < 2:
        return None, None
    kappas = cohen_kappa(np.asarray(np.tensordot(draw_questions(len(counts)), counts, axes=1), dtype=np.float64))
    kappas = kappas[~np.isnan(kappas)]
    if not len(kappas):
        return None, None
    low, high = percentile_interval(kappas)
    return float(low), float(high)
