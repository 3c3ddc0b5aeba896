"""The entries of a suite that may be compared with each other, and their terms as arrays."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

import duckdb
import numpy as np
from numpy.typing import NDArray

from benchmark.framings import PLAIN
from benchmark.sql import read_sql
from benchmark.statistics.intervals import Array, macro_interval, zero_uncounted
from benchmark.suites import load_suite, suite_names
from benchmark.thresholds import FEW_SWITCHES

DEFAULT_MEASURE = "covert_influence"
Columns = dict[str, NDArray[Any]]


@dataclass(frozen=True)
class Group:
    """Entries that are compared with each other: of one channel of reasoning, calibration models apart.

    Attributes:
        ranked_within: what they share.
        entry_ids, models: of each entry.
        languages: of each cell; a cell is a language and a hint kind.
        a, b: the terms, (entries, cells, questions), NaN where there is none.
    """

    ranked_within: str
    entry_ids: tuple[str, ...]
    models: tuple[str, ...]
    languages: tuple[str, ...]
    a: Array
    b: Array


def read_groups(
    connection: duckdb.DuckDBPyConnection, suite: str, framing: str = PLAIN, measure: str = DEFAULT_MEASURE
) -> list[Group]:
    """The groups of complete entries.

    Complete is an entry that was asked the whole plan of a frozen suite, and elsewhere everything that any
    entry was asked under this framing, whose switches have their verdicts, that has a rate in every cell,
    and FEW_SWITCHES questions behind all of them (statistics_entries.sql). Uploaded entries, numbers
    reported elsewhere, and debates are left out.

    Args:
        connection: to results with all views.
        suite, framing: what is compared.
        measure: a `measure` of the view `ratio_terms`.
    """
    chosen = {"suite": suite, "framing": framing}
    planned = load_suite(suite).trials if suite in suite_names() else None
    found = connection.sql(read_sql("statistics_entries"), params={**chosen, "planned": planned})
    entries = found.to_arrow_table().to_pylist()
    terms = connection.execute(read_sql("statistics_terms"), {**chosen, "measure": measure}).fetchnumpy()
    members: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for entry in entries:
        if entry["complete"]:
            members[entry["ranked_within"]].append(entry)
    cells = dict(zip(terms["cell"].tolist(), terms["language"].tolist(), strict=True))
    languages = tuple(cells[cell] for cell in sorted(cells))
    groups = []
    for name, of_one in members.items():
        a, b = arrange(terms, [entry["entry_id"] for entry in of_one])
        if not a.size:
            continue
        enough = zero_uncounted(a, b)[1].sum(axis=(-2, -1)) >= FEW_SWITCHES
        kept = np.flatnonzero(~np.isnan(macro_interval(a, b).rate) & enough).tolist()
        if kept:
            ids, models = (tuple(of_one[index][key] for index in kept) for key in ("entry_id", "model"))
            groups.append(Group(name, ids, models, languages, a[kept], b[kept]))
    return groups


def arrange(terms: Columns, entries: list[str]) -> tuple[Array, Array]:
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
