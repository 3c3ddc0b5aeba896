"""Write a results file's tables as Parquet."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet

from benchmark.sql import read_sql
from benchmark.store import query
from candor.plan import OptionError

TABLES = (
    "leaderboard",
    "entries",
    "trials",
    "verdicts",
    "responses",
    "prompts",
    "languages",
    "classes",
    "probes",
    "lens",
    "measures",
    "ranks",
    "comparisons",
    "reported_elsewhere",
)


def export_files(db: Path, folder: Path, file_format: str) -> None:
    """One file a table in `folder`.

    Raises:
        OptionError: an unknown format.
    """
    if file_format != "parquet":
        raise OptionError(f"--format {file_format!r} is unknown. Known: parquet.")
    folder.mkdir(parents=True, exist_ok=True)
    for name in TABLES:
        table = query(db, read_sql("whole_table").replace("$table", name))
        pyarrow.parquet.write_table(table, folder / f"{name}.parquet")
        print(f"{folder / f'{name}.parquet'}: {table.num_rows} rows")
