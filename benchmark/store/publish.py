"""Publish a snapshot: a new file beside the old ones, then one atomic swap of the symlink."""

from __future__ import annotations

import os
from contextlib import suppress
from functools import cache
from pathlib import Path

import duckdb
import pyarrow as pa
from filelock import Timeout

from benchmark import statistics
from benchmark.seeding import digest
from benchmark.sql import read_sql, read_views
from benchmark.statistics.publication import write_ranks
from benchmark.store.layout import StoreLayout
from benchmark.store.live import LiveStore, open_live
from benchmark.store.read import PREFIX, query_rows, version_of
from benchmark.thresholds import FEW_SWITCHES

KEPT_VERSIONS = 3
STATISTICS = Path(statistics.__file__).parent


@cache
def views_version() -> str:
    """A hash of all that a snapshot derives from the tables, noted in every snapshot."""
    ranking = [path.read_text(encoding="utf-8") for path in sorted(STATISTICS.glob("*.py"))]
    statements = [read_sql(name) for name in ("ranks", "statistics_suites", "statistics_entries", "statistics_terms")]
    return digest(read_views(), *statements, *ranking, str(FEW_SWITCHES))


def is_current(db: Path) -> bool:
    """Whether there is a snapshot, with the views of this version of Candor."""
    if not db.exists():
        return False
    return [row["value"] for row in query_rows(db, "published_views")] == [views_version()]


def renew_snapshot(db: Path) -> None:
    """Publish anew what another version of Candor published, unless a run owns the file: that one will.

    A snapshot that was copied without its folder stays as it is.
    """
    if not db.exists() or not StoreLayout(db).live.exists() or is_current(db):
        return
    with suppress(Timeout), open_live(db, wait_s=0) as store:
        publish(store)


def publish(store: LiveStore, rank: bool = True) -> Path:
    """Write the live tables, all views and the ranks to the next snapshot and point the symlink at it.

    Without `rank`, in the middle of a run, the ranks stay those of the snapshot before: to compare
    all pairs takes longer than the rest.

    Readers that have the old snapshot open go on reading it. Transcripts are
    part of the snapshot, so that one file holds everything a reader needs.
    """
    layout = store.layout
    for leftover in layout.published.glob("*.tmp*"):
        leftover.unlink()
    newest = max((version_of(path) for path in layout.published.glob(f"{PREFIX}*.duckdb")), default=0)
    final = layout.published / f"{PREFIX}{newest + 1:06d}.duckdb"
    temporary = final.with_suffix(".tmp")
    with duckdb.connect(str(temporary)) as fresh:
        fresh.execute(read_sql("schema"))
        fresh.execute(read_views())
        fresh.register("new_meta", pa.table({"name": ["views"], "value": [views_version()]}))
        fresh.execute(read_sql("publish_meta"))
        fresh.execute(read_sql("ranks"))
    store.connection.execute(_attach("attach_published", temporary))
    try:
        store.connection.execute(read_sql("publish"))
    finally:
        store.connection.execute(read_sql("detach_published"))
    with duckdb.connect(str(temporary)) as fresh:
        if rank:
            write_ranks(fresh)
        elif is_current(layout.db):
            fresh.execute(_attach("attach_previous", layout.db.resolve()))
            fresh.execute(read_sql("keep_ranks"))
    temporary.rename(final)
    link = layout.db.with_name(f".{layout.db.name}.new")
    link.unlink(missing_ok=True)
    link.symlink_to(os.path.relpath(final, layout.db.parent))
    link.replace(layout.db)
    snapshots = sorted(layout.published.glob(f"{PREFIX}*.duckdb"), key=version_of)
    for old in snapshots[:-KEPT_VERSIONS]:
        old.unlink()
    return final


def _attach(statement: str, path: Path) -> str:
    return read_sql(statement).replace("$path", "'" + str(path).replace("'", "''") + "'")
