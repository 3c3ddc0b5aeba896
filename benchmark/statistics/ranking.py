"""The entries of a suite in order, each with its rate, interval and interval of ranks."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from benchmark.framings import PLAIN
from benchmark.statistics.bootstrap import REPLICATES
from benchmark.statistics.comparing import compare_means
from benchmark.statistics.groups import DEFAULT_MEASURE, Group, read_groups
from benchmark.statistics.intervals import macro_interval, zero_uncounted
from benchmark.statistics.ranks import Comparisons, rank_intervals
from benchmark.thresholds import FEW_SWITCHES

#: Of every other measure less is better.
HIGHER_IS_BETTER = frozenset({"accuracy", "disclosure_rate"})


@dataclass(frozen=True)
class RankedEntry:
    """One complete entry among those it may be ranked with.

    Attributes:
        ranked_within: what it is ranked among: channel of the reasoning, and whether it is a calibration model.
        rate, low, high: mean over all cells (languages × hint kinds), each counting the same.
        n: Σb over all cells; `cells`: how many; `thin_cells`: those with n under FEW_SWITCHES, whose
            own rates are not shown.
        best, worst: ranks between which it lies, with 95 % confidence for all entries at once.
        entries: how many are ranked together.
    """

    entry_id: str
    model: str
    ranked_within: str
    rate: float
    low: float
    high: float
    n: float
    cells: int
    thin_cells: int
    best: int
    worst: int
    entries: int


def rank_entries(
    connection: duckdb.DuckDBPyConnection,
    suite: str,
    framing: str = PLAIN,
    measure: str = DEFAULT_MEASURE,
    replicates: int = REPLICATES,
) -> list[RankedEntry]:
    """The complete entries of a suite (`read_groups`), best first within each group; a group is one Holm family.

    Args:
        connection, suite, framing, measure: as of `read_groups`.
        replicates: of the joint bootstrap.
    """
    ranked = []
    for group in read_groups(connection, suite, framing, measure):
        ranked += rank_group(group, compare_means(group, replicates), measure)
    return ranked


def rank_group(group: Group, pairs: Comparisons, measure: str = DEFAULT_MEASURE) -> list[RankedEntry]:
    """The entries of a group in order, given the comparisons of all its pairs."""
    macro = macro_interval(group.a, group.b)
    sizes = zero_uncounted(group.a, group.b)[1].sum(axis=-1)
    higher = measure in HIGHER_IS_BETTER
    best, worst = rank_intervals(pairs, higher)
    ranked = [
        RankedEntry(
            entry_id=entry_id,
            model=group.models[place],
            ranked_within=group.ranked_within,
            rate=float(macro.rate[place]),
            low=float(macro.low[place]),
            high=float(macro.high[place]),
            n=float(sizes[place].sum()),
            cells=group.a.shape[-2],
            thin_cells=int((sizes[place] < FEW_SWITCHES).sum()),
            best=best[place],
            worst=worst[place],
            entries=len(group.entry_ids),
        )
        for place, entry_id in enumerate(group.entry_ids)
    ]
    return sorted(ranked, key=lambda entry: (-entry.rate if higher else entry.rate, entry.model, entry.entry_id))
