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
# Read-only keeps the results file itself from being written to, not a COPY from writing over any file beside it.
SEALED: dict[str, str | bool | int | float | list[str]] = {
    "enable_external_access": "false",
    "lock_configuration": "true",
}
# DESCRIBE, SHOW and SUMMARIZE are kinds of SELECT to DuckDB, PIVOT is a MULTI.
ASKING = (duckdb.StatementType.SELECT, duckdb.StatementType.EXPLAIN, duckdb.StatementType.MULTI)


class NotResults(ValueError):
    """Something else stands where a results file is wanted, or it cannot be opened."""


class QueryRefused(ValueError):
    """A user's query that is not one question; the message says what to write instead."""


def version_of(path: Path) -> int:
    """The number of a published snapshot."""
    return int(path.stem.removeprefix(PREFIX))


def require_file(db: Path) -> None:
    """Raise FileNotFoundError, saying what makes a results file, where there is none; NotResults for a folder."""
    if db.is_dir():
        raise NotResults(f"--db {db}: this is a folder. Name the results file, such as {db / 'candor.duckdb'}.")
    if not db.exists():
        raise FileNotFoundError(
            f"there is no results file {db}. `candor demo` or `candor run MODEL --db {db}` makes one."
        )


@contextmanager
def connect(db: Path, sealed: bool = False) -> Iterator[duckdb.DuckDBPyConnection]:
    """A read-only connection to the newest snapshot of `db`; `sealed`: one that reaches no other file.

    Raises:
        FileNotFoundError: there is no such results file.
        NotResults: it is something else.
    """
    require_file(db)
    for attempt in range(OPEN_ATTEMPTS):
        # The resolved name: a process that has the old snapshot open would else be given that again.
        try:
            connection = duckdb.connect(str(db.resolve()), read_only=True, config=SEALED if sealed else {})
            break
        except duckdb.Error as error:
            # It may have been pruned between resolving and opening.
            if attempt == OPEN_ATTEMPTS - 1 or not isinstance(error, duckdb.IOException):
                raise NotResults(f"--db {db}: this cannot be opened as a results file. {error}") from None
    try:
        yield connection
    finally:
        connection.close()


def query(db: Path, sql: str, parameters: dict[str, Any] | None = None) -> pa.Table:
    """Run one statement on the newest snapshot."""
    with connect(db) as connection:
        relation = connection.sql(sql, params=parameters or {})
        return pa.table({}) if relation is None else relation.to_arrow_table()


def ask(db: Path, sql: str) -> pa.Table:
    """Run one query of a user's own on the newest snapshot; it can neither write nor read anything else.

    Raises:
        QueryRefused: `sql` is empty, several statements, or not a question.
        duckdb.Error: the query is wrong.
    """
    check_question(sql)
    with connect(db, sealed=True) as connection:
        return connection.sql(sql).to_arrow_table()


def check_question(sql: str) -> None:
    """Raise QueryRefused unless `sql` is one statement that asks for rows."""
    statements = duckdb.extract_statements(sql)
    if not statements:
        raise QueryRefused('QUERY is empty. For instance: "from leaderboard limit 5".')
    if len(statements) > 1:
        raise QueryRefused(f"QUERY holds {len(statements)} statements; give them one at a time.")
    if statements[0].type not in ASKING:
        raise QueryRefused(
            f"QUERY: {statements[0].type.name} is not run: the results file is read-only. A query starts with SELECT, "
            "FROM, WITH, VALUES, PIVOT, DESCRIBE, SHOW, SUMMARIZE or EXPLAIN; --csv and --json write its rows to "
            "standard output."
        )


def query_rows(db: Path, name: str, parameters: dict[str, Any] | None = None) -> list[dict[str, Any]]:
    """The rows of a query kept as `name`.sql."""
    rows: list[dict[str, Any]] = query(db, read_sql(name), parameters).to_pylist()
    return rows
