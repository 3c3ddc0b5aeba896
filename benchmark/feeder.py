"""Bring spooled trials into the store, judged, while a run goes on and after it."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import orjson
from filelock import FileLock, Timeout

from benchmark.judging import judge_records
from benchmark.spool import drop_torn_line, list_spools, read_lines, set_aside
from benchmark.store.layout import StoreLayout
from benchmark.store.live import open_live
from benchmark.store.publish import publish
from languages import LanguageFileError

BATCH = 250
ROUND_S = 2.0
# A snapshot copies everything, so at most this share of the time goes into publishing.
PUBLISH_SHARE = 0.2
# What a record of the wrong shape raises, wherever that is found out; Arrow's and JSON's errors are among these.
UNREADABLE = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)
# Among them, what is no record's fault.
OURS = (LanguageFileError,)


class Feeder:
    """Feeds one spool into the store from a thread of its own, publishing every few seconds."""

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
        self._feed()
        with open_live(self.db) as store:
            publish(store)

    def _loop(self) -> None:
        pause, published = ROUND_S, 0
        try:
            while not self._stop.wait(pause):
                pause = ROUND_S
                if self._has_more():
                    self._feed(BATCH * 4)
                if self.ingested == published:
                    continue
                try:
                    with open_live(self.db, wait_s=0) as store:
                        began = time.monotonic()
                        publish(store, rank=False)
                        published = self.ingested
                        pause = max(ROUND_S, (time.monotonic() - began) / PUBLISH_SHARE)
                except Timeout:
                    continue  # another run has its turn
        except BaseException as error:
            self._error = error

    def _has_more(self) -> bool:
        return self.spool.exists() and self.spool.stat().st_size > self._offset

    def _feed(self, at_most: int | None = None) -> None:
        for count, end in feed_spool(self.db, self.spool, self._offset, at_most):
            self.ingested += count
            self._offset = end


def feed_spool(db: Path, spool: Path, offset: int = 0, at_most: int | None = None) -> Iterator[tuple[int, int]]:
    """Judge and ingest the spool's records from byte `offset` on, batch by batch.

    The store is owned only while a judged batch goes in, so that other runs need not wait for verdicts.
    A record that cannot be read is set aside: it would stop this run and every later one.

    Yields:
        the number of records of the batch that were read, and the offset after the last of them.
    """
    lines = islice(read_lines(spool, offset), at_most)
    while batch := list(islice(lines, BATCH)):
        try:
            _bring_in(db, [line for line, _ in batch])
            count = len(batch)
        except OURS:
            raise
        except UNREADABLE:
            count = _bring_in_singly(db, spool, batch)
        yield count, batch[-1][1]


def _bring_in(db: Path, lines: list[bytes]) -> None:
    rows = judge_records([orjson.loads(line) for line in lines])
    with open_live(db) as store:
        store.ingest(rows)


def _bring_in_singly(db: Path, spool: Path, batch: list[tuple[bytes, int]]) -> int:
    count = 0
    for line, end in batch:
        try:
            _bring_in(db, [line])
            count += 1
        except OURS:
            raise
        except UNREADABLE as error:
            set_aside(spool, line, end, f"{type(error).__name__}: {error}")
    return count


def feed_leftovers(db: Path) -> int:
    """Ingest and remove the spools of runs that died; returns the number of records."""
    layout = StoreLayout(db)
    total = 0
    for spool in list_spools(layout.spools):
        try:
            with FileLock(layout.spool_lock(spool.stem), timeout=0):
                if not spool.exists():
                    continue
                drop_torn_line(spool)
                total += sum(count for count, _ in feed_spool(db, spool))
                with open_live(db) as store:
                    publish(store)
                spool.unlink()
        except Timeout:
            continue  # its run is alive and feeds it itself
    return total
