"""The spool: finished trials on disk before anything else knows of them.

One JSON line a trial, flushed to the disk in batches. A line cut in half by a
crash is dropped when the spool is read again; its trial is simply run again.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO

import orjson

from benchmark.store.live import StoreError

log = logging.getLogger(__name__)

# How the file of lines that cannot be read is named after its spool.
BAD = ".bad.jsonl"
SHOWN_REASON = 200


class SpoolError(StoreError):
    """A spool cannot be written; the message says what to do."""


class Spool:
    """Appends records to a file; `flush` makes everything so far durable."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        drop_torn_line(path)
        self.path = path
        self._file: BinaryIO = path.open("ab")

    def append(self, record: dict[str, Any]) -> None:
        """Add one record; durable after the next `flush`. Raises as `flush`."""
        with self._writing():
            self._file.write(orjson.dumps(record, option=orjson.OPT_APPEND_NEWLINE))

    def flush(self) -> None:
        """Wait until everything appended is on the disk.

        Raises:
            SpoolError: it cannot be written.
        """
        with self._writing():
            self._file.flush()
            os.fsync(self._file.fileno())

    def close(self) -> None:
        """Flush and close."""
        if not self._file.closed:
            try:
                self.flush()
            finally:
                # What could not be written is tried once more by closing, and has been told of.
                with suppress(OSError):
                    self._file.close()

    @contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise SpoolError(
                f"{self.path}: finished trials cannot be written ({error.strerror}). Those written before are kept; "
                "make room and run the same command again."
            ) from error

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


def read_lines(path: Path, start: int = 0) -> Iterator[tuple[bytes, int]]:
    """(line, offset after it) for every whole line from byte `start` on."""
    if not path.exists():
        return
    with path.open("rb") as file:
        file.seek(start)
        for line in file:
            if not line.endswith(b"\n"):
                return
            start += len(line)
            yield line, start


def list_trial_ids(path: Path) -> set[str]:
    """The trials of a spool; lines that cannot be read are no trials."""
    found = set()
    for line, _ in read_lines(path):
        with suppress(orjson.JSONDecodeError, KeyError, TypeError):
            found.add(str(orjson.loads(line)["trial"]["trial_id"]))
    return found


def list_spools(folder: Path) -> list[Path]:
    """Every spool of a folder, without what was set aside."""
    return sorted(path for path in folder.glob("*.jsonl") if not path.name.endswith(BAD))


def set_aside(path: Path, line: bytes, end: int, reason: str) -> None:
    """Keep a line that cannot be read beside its spool, durably, and tell of it; harmless to repeat.

    Args:
        path: the spool.
        line: the whole line.
        end: its end's place in the spool.
        reason: why it cannot be read.
    """
    bad = path.with_name(f"{path.stem}{BAD}")
    number = _count_lines(path, end)
    if not bad.exists() or line not in set(bad.read_bytes().splitlines(keepends=True)):
        with bad.open("ab") as file:
            file.write(line)
            file.flush()
            os.fsync(file.fileno())
    log.warning(
        "%s, line %d: this trial cannot be read (%s). It is set aside in %s; the same command asks for it again.",
        path, number, reason[:SHOWN_REASON], bad.name,
    )  # fmt: skip


def _count_lines(path: Path, end: int) -> int:
    with path.open("rb") as file:
        return file.read(end).count(b"\n")
