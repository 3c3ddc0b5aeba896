"""SQL lives in .sql files; this reads them."""

from __future__ import annotations

from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent


@cache
def read_sql(name: str) -> str:
    """The text of `name`.sql in this folder."""
    return (FOLDER / f"{name}.sql").read_text(encoding="utf-8")
