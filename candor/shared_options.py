"""Options that commands of more than one file take."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

DatabaseOption = Annotated[Path, typer.Option("--db", help="Results file.")]
DEFAULT_DB = Path("results/candor.duckdb")
EntryOption = Annotated[str | None, typer.Option(help="Only this entry_id.")]
