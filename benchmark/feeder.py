"""Bring spooled trials into the store, judged, while a run goes on and after it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path

from filelock import FileLock, Timeout

from benchmark.judging import judge_records
from benchmark.spool import drop_torn_line, read_spool
from benchmark.store.layout import StoreLayout
from benchmark.store.live import LiveStore, open_live
from benchmark.store.publish import publish

BATCH = 250
ROUND_S = 2.0
# A snapshot copies everything, so at most this share of the time goes into publishing.
PUBLISH_SHARE = 0.2


class Feeder:
    """Feeds one spool into the store from a thread of its own, publishing every few seconds.

    Each round takes the store's lock and gives it back, so that several runs take turns.
    """

    def __init__(self, db: Path, entry_id: str) -> None:
        self.db = db
        self.spool = StoreLayout(db).spool(entry_id)
        self.ingested = 0
        self._offset = 0
        self._stop = threading.Event()
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._loop, name="feeder", daemon=True)

    def start(self) -> None:
        """Begin to feed in the background."""
        self._thread.start()

    def finish(self) -> None:
        """Feed the rest, publish, and raise whatever went wrong on the way."""
        self._stop.set()
        self._thread.join()
        if self._error:
            raise self._error
        with open_live(self.db) as store:
            self._feed(store)
            publish(store)

    def _loop(self) -> None:
        pause = ROUND_S
        try:
            while not self._stop.wait(pause):
                pause = ROUND_S
                if not self._has_more():
                    continue
                try:
                    with open_live(self.db, wait_s=0) as store:
                        self._feed(store, BATCH * 4)
                        began = time.monotonic()
                        publish(store)
                        pause = max(ROUND_S, (time.monotonic() - began) / PUBLISH_SHARE)
                except Timeout:
                    continue  # another run has its turn
        except BaseException as error:
            self._error = error

    def _has_more(self) -> bool:
        return self.spool.exists() and self.spool.stat().st_size > self._offset

    def _feed(self, store: LiveStore, at_most: int | None = None) -> int:
        new, self._offset = feed_spool(store, self.spool, self._offset, at_most)
        self.ingested += new
        return new


def feed_spool(
    store: LiveStore,
    spool: Path,
    offset: int = 0,
    at_most: int | None = None,
    on_batch: Callable[[int], None] | None = None,
) -> tuple[int, int]:
    """Judge and ingest the spool's records from byte `offset` on.

    Returns:
        the number of records ingested, and the offset after the last of them.
    """
    batch, total, end = [], 0, offset
    for record, after in read_spool(spool, offset):
        batch.append(record)
        end = after
        if len(batch) == BATCH:
            store.ingest(judge_records(batch))
            total += len(batch)
            batch = []
            if on_batch:
                on_batch(total)
        if at_most and total >= at_most:
            return total, end
    if batch:
        store.ingest(judge_records(batch))
        total += len(batch)
    return total, end


def feed_leftovers(db: Path) -> int:
    """Ingest and remove the spools of runs that died; returns the number of records."""
    layout = StoreLayout(db)
    total = 0
    for spool in sorted(layout.spools.glob("*.jsonl")):
        try:
            with FileLock(layout.spool_lock(spool.stem), timeout=0):
                if not spool.exists():
                    continue
                drop_torn_line(spool)
                with open_live(db) as store:
                    total += feed_spool(store, spool)[0]
                    publish(store)
                spool.unlink()
        except Timeout:
            continue  # its run is alive and feeds it itself
    return total
