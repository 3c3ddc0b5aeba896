"""Ranks and comparisons of a results file, worked out once, when it is published."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

import duckdb
import pyarrow as pa

from benchmark.framings import PLAIN
from benchmark.sql import read_sql
from benchmark.statistics.comparing import compare_by_language, compare_means, list_pairs
from benchmark.statistics.groups import DEFAULT_MEASURE, read_groups
from benchmark.statistics.ranking import rank_group


def write_ranks(connection: duckdb.DuckDBPyConnection) -> None:
    """Rank every suite into the tables `ranks` and `comparisons` of a file that is about to be published."""
    ranks: list[dict[str, Any]] = []
    comparisons: list[dict[str, Any]] = []
    for (suite,) in connection.execute(read_sql("statistics_suites"), {"framing": PLAIN}).fetchall():
        fixed = {"suite": suite, "framing": PLAIN, "measure": DEFAULT_MEASURE}
        for group in read_groups(connection, suite):
            pairs = compare_means(group)
            ranks += [fixed | asdict(entry) for entry in rank_group(group, pairs)]
            comparisons += _rows(fixed, list_pairs(group, pairs))
            comparisons += _rows(fixed, compare_by_language(group))
    _add(connection, "new_ranks", ranks, "add_ranks")
    _add(connection, "new_comparisons", comparisons, "add_comparisons")


def _rows(fixed: dict[str, str], found: Iterable[Any]) -> list[dict[str, Any]]:
    return [fixed | asdict(one) for one in found]


def _add(connection: duckdb.DuckDBPyConnection, name: str, rows: list[dict[str, Any]], statement: str) -> None:
    if rows:
        connection.register(name, pa.Table.from_pylist(rows))
        connection.execute(read_sql(statement))
        connection.unregister(name)
