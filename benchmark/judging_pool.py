"""Verdicts over any number of rows, in order, by several processes, in flat memory."""

from __future__ import annotations

import multiprocessing
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from itertools import islice
from typing import TypeVar

CHUNK = 16
# Chunks under way for each process: enough that none waits, few enough that a 1 GB file stays on disk.
AHEAD = 3

Row = TypeVar("Row")
Result = TypeVar("Result")


def map_in_order(judge: Callable[[Row], Result], rows: Iterable[Row], jobs: int) -> Iterator[Result]:
    """judge(row) for every row, in the order of the rows.

    Args:
        judge: a function that a process can be sent (a module's own, or a partial of one).
        rows: any iterable; it is read only a little ahead of what is given out.
        jobs: processes; 1 means this one.
    """
    if jobs <= 1:
        yield from map(judge, rows)
        return
    # Not forked: the inference engine's threads would not survive it.
    pool = ProcessPoolExecutor(jobs, mp_context=multiprocessing.get_context("spawn"))
    try:
        under_way: deque[Future[list[Result]]] = deque()
        source = iter(rows)
        unread: Exception | None = None
        while unread is None:
            chunk, unread = _read_chunk(source)
            if not chunk:
                break
            under_way.append(pool.submit(_judge_chunk, judge, chunk))
            if len(under_way) >= jobs * AHEAD:
                yield from under_way.popleft().result()
        while under_way:
            yield from under_way.popleft().result()
    finally:
        # Whoever stops early does not wait for what nobody will read.
        pool.shutdown(cancel_futures=True)
    if unread:
        raise unread


def count_jobs() -> int:
    """Processes that this machine has cores for."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _read_chunk(source: Iterator[Row]) -> tuple[list[Row], Exception | None]:
    """The next rows, and what went wrong after them: rows before a bad one still get their verdicts."""
    chunk: list[Row] = []
    try:
        for row in islice(source, CHUNK):
            chunk.append(row)
    except Exception as error:
        return chunk, error
    return chunk, None


def _judge_chunk(judge: Callable[[Row], Result], chunk: list[Row]) -> list[Result]:
    return list(map(judge, chunk))
