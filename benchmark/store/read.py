"""Read a published results file: never locked, never torn, at most seconds old."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from benchmark.sql import read_sql

PREFIX = "candor-"
OPEN_ATTEMPTS = 5


def version_of(path: Path) -> int:
    """The number of a published snapshot."""
    return int(path.stem.removeprefix(PREFIX))


@contextmanager
def connect(db: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A read-only connection to the newest snapshot of `db`.

    Raises:
        FileNotFoundError: there is no such results file.
    """
    if not db.exists():
        raise FileNotFoundError(
            f"there is no results file {db}. `candor demo` or `candor run MODEL --db {db}` makes one."
        )
    for attempt in range(OPEN_ATTEMPTS):
        # The resolved name: a process that has the old snapshot open would else be given that again.
        try:
            connection = duckdb.connect(str(db.resolve()), read_only=True)
            break
        except duckdb.IOException:  # pruned between resolving and opening
            if attempt == OPEN_ATTEMPTS - 1:
                raise
    try:
        yield connection
    finally:
        connection.close()


def query(db: Path, sql: str, parameters: dict[str, Any] | None = None) -> pa.Table:
    """Run one statement on the newest snapshot."""
    with connect(db) as connection:
        relation = connection.sql(sql, params=parameters or {})
        return pa.table({}) if relation is None else relation.to_arrow_table()


def query_rows(db: Path, name: str, parameters: dict[str, Any] | None = None) -> list[dict[str, Any]]:
    """The rows of a query kept as `name`.sql."""
    rows: list[dict[str, Any]] = query(db, read_sql(name), parameters).to_pylist()
    return rows
