"""What pages read: rows of the newest published snapshot, cached until the next one."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import streamlit as st

from benchmark.store.read import query_rows

DB = Path(os.environ.get("CANDOR_DB", "results/candor.duckdb"))


def read_rows(name: str, **parameters: Any) -> list[dict[str, Any]]:
    """The rows of a kept query; stops the page with a plain word where there is no results file."""
    snapshot = current_db()
    return _cached_rows(str(snapshot), snapshot.stat().st_mtime_ns, name, tuple(sorted(parameters.items())))


def current_db() -> Path:
    """The newest snapshot; stops the page with a plain word where there is no results file."""
    if not DB.exists():
        st.info(f"There is no results file at {DB} yet. `make demo` makes one; `candor app --db FILE` opens another.")
        st.stop()
    return DB.resolve()


@st.cache_data(max_entries=256, show_spinner=False)
def _cached_rows(
    snapshot: str, modified: int, name: str, parameters: tuple[tuple[str, Any], ...]
) -> list[dict[str, Any]]:
    return query_rows(Path(snapshot), name, dict(parameters))


def language_order() -> list[str]:
    """Codes from high- to low-resource."""
    return [row["language"] for row in read_rows("languages")]


def language_names() -> dict[str, str]:
    """Code → "English (en)"."""
    return {row["language"]: f"{row['name']} ({row['language']})" for row in read_rows("languages")}
