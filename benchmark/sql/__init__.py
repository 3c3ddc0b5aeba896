"""SQL lives in .sql files; this reads them."""

from __future__ import annotations

from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent


@cache
def read_sql(name: str) -> str:
    """The text of `name`.sql in this folder."""
    return (FOLDER / f"{name}.sql").read_text(encoding="utf-8")


@cache
def read_views() -> str:
    """All views, in the order of their files' names: a file's views may use those of files before it."""
    return "\n".join(path.read_text(encoding="utf-8") for path in sorted((FOLDER / "views").glob("*.sql")))
