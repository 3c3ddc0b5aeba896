"""How far two labellers agree, and where they do not."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from benchmark.auditing.folder import Audit
from benchmark.auditing.labels import Label
from benchmark.statistics.bootstrap import draw_questions, percentile_interval

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


def cohen_kappa(first: Sequence[Hashable], second: Sequence[Hashable], times: Sequence[float]) -> float | None:
    """Cohen (1960): (observed − expected) / (1 − expected) agreement, each pair counted `times`.

    The labels are taken as they were sampled, without the draw's probabilities. None where no chance
    agreement can be taken out.
    """
    names = {name: number for number, name in enumerate(dict.fromkeys((*first, *second)))}
    if not names:
        return None
    table = np.zeros((len(names), len(names)))
    np.add.at(table, ([names[name] for name in first], [names[name] for name in second]), np.asarray(times, float))
    table /= table.sum() or 1.0
    expected = float(table.sum(axis=0) @ table.sum(axis=1))
    return None if expected >= 1 or not table.any() else float((np.trace(table) - expected) / (1 - expected))


def compare_labellers(audit: Audit, labels: dict[str, dict[str, Label]], seed: int = 0) -> list[Agreement]:
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
            low, high = _bootstrap(told, seed)
            one, other = [pair[1] for pair in told], [pair[2] for pair in told]
            kappa = cohen_kappa(one, other, np.ones(len(told)).tolist())
            agreed = sum(a == b for a, b in zip(one, other, strict=True))
            rows.append(Agreement(first, second, asked, kappa, low, high, agreed, len(told)))
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


def _bootstrap(pairs: list[tuple[str, Hashable, Hashable]], seed: int) -> tuple[float | None, float | None]:
    clusters = {name: number for number, name in enumerate(dict.fromkeys(pair[0] for pair in pairs))}
    if len(clusters) < 2:
        return None, None
    number = [clusters[pair[0]] for pair in pairs]
    one, other = [pair[1] for pair in pairs], [pair[2] for pair in pairs]
    drawn = draw_questions(len(clusters), seed=seed)[:, number]
    kappas = [kappa for times in drawn if (kappa := cohen_kappa(one, other, times.tolist())) is not None]
    if not kappas:
        return None, None
    low, high = percentile_interval(kappas)
    return float(low), float(high)
