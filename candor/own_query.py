"""`candor sql`: the rows of a user's own query as a table, row by row where that is too wide, as CSV or as JSON."""

from __future__ import annotations

import csv
import sys
from pathlib import Path
from typing import Any

import orjson
import pyarrow as pa
from rich.console import Console
from rich.measure import Measurement
from rich.table import Table
from rich.text import Text

from benchmark.store.read import ask
from candor.plan import OptionError

WIDTH_WITHOUT_TERMINAL = 240
ANY_WIDTH = 1_000_000
# What a model wrote may hold escape sequences, which a terminal would obey.
VISIBLE_CONTROLS = {code: 0x2400 + code for code in range(0x20) if chr(code) not in "\n\t"} | {0x7F: 0x2421}


def print_query(db: Path, sql: str, as_json: bool = False, as_csv: bool = False) -> None:
    """Print the rows of one query.

    Raises:
        OptionError: both formats at once, or a name that JSON can hold once only.
        QueryRefused, duckdb.Error: the query is no good.
        FileNotFoundError: no such results file.
    """
    if as_json and as_csv:
        raise OptionError("--json and --csv: choose one of them.")
    table = ask(db, sql)
    if as_json:
        names = table.column_names
        if twice := next((name for name in names if names.count(name) > 1), None):
            raise OptionError(f"--json: two columns are named {twice!r}; name one of them otherwise, with AS.")
        rows = table.to_pylist()
        sys.stdout.buffer.write(orjson.dumps(rows, default=str, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
    elif as_csv:
        write_csv(table)
    else:
        show(table, Console(width=None if sys.stdout.isatty() else WIDTH_WITHOUT_TERMINAL, highlight=False))


def write_csv(table: pa.Table) -> None:
    """The rows as CSV on standard output: names first, NULL as nothing, lists and structs as JSON."""
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(table.column_names)
    writer.writerows(map(_csv_value, row) for row in list_rows(table))


def show(table: pa.Table, console: Console) -> None:
    """The rows as a table, or one below the other where the table is wider than the console."""
    shown = Table()
    for name in table.column_names:
        shown.add_column(Text(name))
    rows = [[_as_text(value) for value in row] for row in list_rows(table)]
    for row in rows:
        shown.add_row(*map(Text, row))
    wanted = Measurement.get(console, console.options.update_width(ANY_WIDTH), shown).maximum
    if wanted <= console.width or not rows:
        console.print(shown)
        return
    longest = max(map(len, table.column_names))
    for number, row in enumerate(rows, start=1):
        console.print(f"── row {number} of {len(rows)} ──", markup=False)
        for name, value in zip(table.column_names, row, strict=True):
            # A terminal wraps long values itself, so that nothing is cut and a copied line is whole.
            console.print(Text(f"{name.rjust(longest)}: {_indent(value, longest + 2)}"), soft_wrap=True)


def list_rows(table: pa.Table) -> list[tuple[Any, ...]]:
    """The rows as tuples: as dictionaries they would lose columns of one name."""
    return list(zip(*(column.to_pylist() for column in table.columns), strict=True))


def _indent(value: str, width: int) -> str:
    return value.replace("\n", "\n" + " " * width)


def _as_text(value: Any) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, float):
        return f"{value:.4g}"
    return str(value).translate(VISIBLE_CONTROLS)


def _csv_value(value: Any) -> Any:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | dict):
        return orjson.dumps(value, default=str).decode()
    return value
