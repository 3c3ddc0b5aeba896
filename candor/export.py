"""Write a results file's tables as Parquet."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet

from benchmark.sql import read_sql
from benchmark.store import query
from benchmark.store.read import require_file
from candor.plan import OptionError
from candor.writing import write_whole

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
        OptionError: an unknown format, or a file in the place of the folder.
        FileNotFoundError: no such results file.
    """
    if file_format != "parquet":
        raise OptionError(f"--format {file_format!r} is unknown. Known: parquet.")
    standing = next(path for path in (folder, *folder.parents) if path.exists())
    if not standing.is_dir():
        raise OptionError(f"DIR {str(folder)!r}: {standing} is a file. Name a folder; it is made where there is none.")
    require_file(db)
    folder.mkdir(parents=True, exist_ok=True)
    for name in TABLES:
        table = query(db, read_sql("whole_table").replace("$table", name))
        with write_whole(folder / f"{name}.parquet") as file:
            pyarrow.parquet.write_table(table, file)
        print(f"{folder / f'{name}.parquet'}: {table.num_rows} rows")
