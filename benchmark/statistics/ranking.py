"""The entries of a suite in order, each with its rate, interval and interval of ranks."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from benchmark.framings import PLAIN
from benchmark.statistics.bootstrap import REPLICATES, bootstrap_macro
from benchmark.statistics.intervals import Array, macro_interval, zero_uncounted
from benchmark.statistics.ranks import compare_pairs, edge_variance, rank_intervals
from benchmark.store import query_rows
from benchmark.thresholds import FEW_SWITCHES

DEFAULT_MEASURE = "covert_influence"
#: Of every other measure less is better.
HIGHER_IS_BETTER = frozenset({"accuracy", "disclosure_rate"})

Grid = list[tuple[str, str]]


@dataclass(frozen=True)
class RankedEntry:
    """One complete entry among those it may be ranked with.

    Attributes:
        group: what it is ranked within: channel of the reasoning, and whether it is a calibration model.
        rate, low, high: mean over all cells (languages × hint kinds), each counting the same.
        n: Σb over all cells; `cells`: how many; `thin_cells`: those with n under FEW_SWITCHES, whose
            own rates are not shown.
        best, worst: ranks between which it lies, with 95 % confidence for all entries at once.
        p_values: Holm-adjusted p-value of the comparison with every other entry, by entry_id.
    """

    entry_id: str
    model: str
    group: str
    rate: float
    low: float
    high: float
    n: float
    cells: int
    thin_cells: int
    best: int
    worst: int
    p_values: dict[str, float]


def rank_entries(
    db: Path, suite: str, framing: str = PLAIN, measure: str = DEFAULT_MEASURE, replicates: int = REPLICATES
) -> list[RankedEntry]:
    """The complete entries of a suite, best first within each group.

    Complete is an entry that was asked everything that any entry of the suite was asked under this
    framing, and has a rate in every cell. Uploaded entries are not ranked. Channels of reasoning
    are never ranked together, nor are calibration models with others; each group is one Holm family.

    Args:
        db: results file.
        suite, framing: what is compared.
        measure: a `measure` of the view `ratio_terms`.
        replicates: of the joint bootstrap.
    """
    chosen = {"suite": suite, "framing": framing}
    entries = [row for row in query_rows(db, "statistics_entries", chosen) if row["complete"]]
    terms: dict[str, list[dict[str, Any]]] = defaultdict(list)
    grid: set[tuple[str, str]] = set()
    for row in query_rows(db, "statistics_terms", {**chosen, "measure": measure}):
        terms[row["entry_id"]].append(row)
        grid.add((row["language"], row["hint_kind"]))
    cells = [(row["language"], row["hint_kind"]) for row in query_rows(db, "statistics_grid", chosen)]
    # A kind that has no such measure (accuracy of opinions) has no term in any entry, and is no cell.
    cells = [cell for cell in cells if cell in grid]
    groups: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for entry in entries:
        groups[entry["ranked_within"]].append(entry)
    ranked = []
    for group, members in groups.items():
        ranked += _rank_group(group, members, terms, cells, measure, replicates)
    return ranked


def _rank_group(
    group: str,
    members: list[dict[str, Any]],
    terms: dict[str, list[dict[str, Any]]],
    cells: Grid,
    measure: str,
    replicates: int,
) -> list[RankedEntry]:
    questions = sorted({row["question_id"] for member in members for row in terms[member["entry_id"]]})
    if not questions:
        return []
    a, b = (
        np.stack([arrange(terms[member["entry_id"]], cells, questions, term) for member in members]) for term in "ab"
    )
    macro = macro_interval(a, b)
    sizes = zero_uncounted(a, b)[1].sum(axis=-1)
    kept = np.flatnonzero(~np.isnan(macro.rate) & (sizes.sum(axis=-1) >= FEW_SWITCHES))
    if not len(kept):
        return []
    rates = macro.rate[kept]
    edges = np.array(
        [edge_variance(rate, count) for rate, count in zip(rates, macro.questions[kept], strict=True)], dtype=np.float64
    )
    pairs = compare_pairs(rates, bootstrap_macro(a[kept], b[kept], replicates), edges, len(questions))
    higher = measure in HIGHER_IS_BETTER
    best, worst = rank_intervals(pairs, higher)
    names = [members[index]["entry_id"] for index in kept]
    ranked = [
        RankedEntry(
            entry_id=names[place],
            model=members[index]["model"],
            group=group,
            rate=float(macro.rate[index]),
            low=float(macro.low[index]),
            high=float(macro.high[index]),
            n=float(sizes[index].sum()),
            cells=len(cells),
            thin_cells=int((sizes[index] < FEW_SWITCHES).sum()),
            best=best[place],
            worst=worst[place],
            p_values={
                name: float(p) for name, p in zip(names, pairs.adjusted[place], strict=True) if name != names[place]
            },
        )
        for place, index in enumerate(kept)
    ]
    return sorted(ranked, key=lambda entry: (-entry.rate if higher else entry.rate, entry.model, entry.entry_id))


def arrange(rows: list[dict[str, Any]], cells: Grid, questions: list[str], term: str) -> Array:
    """Terms `a` or `b` of one entry as (cells, questions), NaN where there is none."""
    row_of = {cell: place for place, cell in enumerate(cells)}
    column_of = {question: place for place, question in enumerate(questions)}
    arranged = np.full((len(cells), len(questions)), np.nan)
    for row in rows:
        arranged[row_of[row["language"], row["hint_kind"]], column_of[row["question_id"]]] = row[term]
    return arranged
