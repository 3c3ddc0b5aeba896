"""Results on disk: a spool per run, one live DuckDB file with one owner, published snapshots."""

from benchmark.store.layout import StoreLayout
from benchmark.store.live import LiveStore, StoreError, open_live
from benchmark.store.publish import is_current, publish, renew_snapshot
from benchmark.store.read import connect, query, query_rows

__all__ = [
    "LiveStore",
    "StoreError",
    "StoreLayout",
    "connect",
    "is_current",
    "open_live",
    "publish",
    "query",
    "query_rows",
    "renew_snapshot",
]
