"""The spool: finished trials on disk before anything else knows of them.

One JSON line a trial, flushed to the disk in batches. A line cut in half by a
crash is dropped when the spool is read again; its trial is simply run again.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO

import orjson


class Spool:
    """Appends records to a file; `flush` makes everything so far durable."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        drop_torn_line(path)
        self.path = path
        self._file: BinaryIO = path.open("ab")

    def append(self, record: dict[str, Any]) -> None:
        """Add one record; durable after the next `flush`."""
        self._file.write(orjson.dumps(record, option=orjson.OPT_APPEND_NEWLINE))

    def flush(self) -> None:
        """Wait until everything appended is on the disk."""
        self._file.flush()
        os.fsync(self._file.fileno())

    def close(self) -> None:
        """Flush and close."""
        if not self._file.closed:
            self.flush()
            self._file.close()

    def __enter__(self) -> Spool:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def drop_torn_line(path: Path) -> None:
    """Cut a spool back to its last whole line."""
    if not path.exists():
        return
    data = path.read_bytes()
    whole = data.rfind(b"\n") + 1
    if whole < len(data):
        with path.open("r+b") as file:
            file.truncate(whole)


def read_spool(path: Path, start: int = 0) -> Iterator[tuple[dict[str, Any], int]]:
    """(record, offset after it) for every whole line from byte `start` on."""
    if not path.exists():
        return
    with path.open("rb") as file:
        file.seek(start)
        for line in file:
            if not line.endswith(b"\n"):
                return
            start += len(line)
            yield orjson.loads(line), start
