"""The entries of a suite in order, each with its rate, interval and interval of ranks."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import asdict, dataclass
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from benchmark.framings import PLAIN
from benchmark.sql import read_sql
from benchmark.statistics.bootstrap import REPLICATES, bootstrap_macro
from benchmark.statistics.intervals import Array, macro_interval, zero_uncounted
from benchmark.statistics.ranks import compare_pairs, edge_variance, rank_intervals
from benchmark.thresholds import FEW_SWITCHES

DEFAULT_MEASURE = "covert_influence"
#: Of every other measure less is better.
HIGHER_IS_BETTER = frozenset({"accuracy", "disclosure_rate"})

Grid = tuple[Array, Array]


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
        p_values: Holm-adjusted p-value of the comparison with every other entry, by entry_id.
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
    p_values: dict[str, float]


def write_ranks(connection: duckdb.DuckDBPyConnection) -> None:
    """Rank every suite of a results file that is about to be published, into its table `ranks`."""
    rows = []
    for (suite,) in connection.execute(read_sql("statistics_suites"), {"framing": PLAIN}).fetchall():
        for entry in rank_entries(connection, suite):
            fixed = {"suite": suite, "framing": PLAIN, "measure": DEFAULT_MEASURE}
            rows.append({**asdict(entry), **fixed, "p_values": list(entry.p_values.items())})
    connection.execute(read_sql("ranks"))
    if rows:
        columns = {name: [row[name] for row in rows] for name in rows[0] if name != "p_values"}
        p_values = pa.array([row["p_values"] for row in rows], pa.map_(pa.string(), pa.float64()))
        connection.register("new_ranks", pa.table({**columns, "p_values": p_values}))
        connection.execute(read_sql("add_ranks"))
        connection.unregister("new_ranks")


def rank_entries(
    connection: duckdb.DuckDBPyConnection,
    suite: str,
    framing: str = PLAIN,
    measure: str = DEFAULT_MEASURE,
    replicates: int = REPLICATES,
) -> list[RankedEntry]:
    """The complete entries of a suite, best first within each group.

    Complete is an entry that was asked everything that any entry of the suite was asked under this
    framing, and has a rate in every cell. Uploaded entries are not ranked. Channels of reasoning
    are never ranked together, nor are calibration models with others; each group is one Holm family.

    Args:
        connection: to results with all views.
        suite, framing: what is compared.
        measure: a `measure` of the view `ratio_terms`.
        replicates: of the joint bootstrap.
    """
    chosen = {"suite": suite, "framing": framing}
    entries = connection.sql(read_sql("statistics_entries"), params=chosen).to_arrow_table().to_pylist()
    terms = connection.execute(read_sql("statistics_terms"), {**chosen, "measure": measure}).fetchnumpy()
    groups: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for entry in entries:
        if entry["complete"]:
            groups[entry["ranked_within"]].append(entry)
    ranked = []
    for group, members in groups.items():
        ranked += _rank_group(group, members, terms, measure, replicates)
    return ranked


def _rank_group(
    group: str, members: list[dict[str, Any]], terms: dict[str, NDArray[Any]], measure: str, replicates: int
) -> list[RankedEntry]:
    a, b = arrange(terms, [member["entry_id"] for member in members])
    questions = a.shape[-1]
    if not questions:
        return []
    macro = macro_interval(a, b)
    sizes = zero_uncounted(a, b)[1].sum(axis=-1)
    kept = np.flatnonzero(~np.isnan(macro.rate) & (sizes.sum(axis=-1) >= FEW_SWITCHES))
    if not len(kept):
        return []
    rates = macro.rate[kept]
    edges = np.array(
        [edge_variance(rate, count) for rate, count in zip(rates, macro.questions[kept], strict=True)], dtype=np.float64
    )
    pairs = compare_pairs(rates, bootstrap_macro(a[kept], b[kept], replicates), edges, questions)
    higher = measure in HIGHER_IS_BETTER
    best, worst = rank_intervals(pairs, higher)
    names = [members[index]["entry_id"] for index in kept]
    ranked = [
        RankedEntry(
            entry_id=names[place],
            model=members[index]["model"],
            ranked_within=group,
            rate=float(macro.rate[index]),
            low=float(macro.low[index]),
            high=float(macro.high[index]),
            n=float(sizes[index].sum()),
            cells=a.shape[-2],
            thin_cells=int((sizes[index] < FEW_SWITCHES).sum()),
            best=best[place],
            worst=worst[place],
            entries=len(kept),
            p_values={
                name: float(p) for name, p in zip(names, pairs.adjusted[place], strict=True) if name != names[place]
            },
        )
        for place, index in enumerate(kept)
    ]
    return sorted(ranked, key=lambda entry: (-entry.rate if higher else entry.rate, entry.model, entry.entry_id))


def arrange(terms: dict[str, NDArray[Any]], entries: list[str]) -> Grid:
    """The terms a and b of the entries, each as (entries, cells, questions), NaN where there is none.

    Questions that none of these entries has a term for are left out.

    Args:
        terms: columns entry_id, cell, question (numbers from 0), a, b.
        entries: those that are wanted, in this order.
    """
    if not len(terms["cell"]):
        return np.empty((len(entries), 0, 0)), np.empty((len(entries), 0, 0))
    place = {entry_id: number for number, entry_id in enumerate(entries)}
    names, name_of = np.unique(terms["entry_id"], return_inverse=True)
    entry = np.array([place.get(name, -1) for name in names])[name_of]
    wanted = entry >= 0
    questions, column = np.unique(terms["question"][wanted], return_inverse=True)
    shape = (len(entries), int(terms["cell"].max()) + 1, len(questions))
    arranged = []
    for term in "ab":
        grid = np.full(shape, np.nan)
        grid[entry[wanted], terms["cell"][wanted], column] = terms[term][wanted]
        arranged.append(grid)
    return arranged[0], arranged[1]
