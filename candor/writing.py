"""Where output goes: checked before the work begins, and whole or not at all."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO


class OutputError(ValueError):
    """A path that cannot be written to; the message names the option, the path and the mend."""


def check_output(output: Path, option: str = "--output") -> None:
    """Raise OutputError where no file can be written at `output`."""
    if output.is_dir():
        raise OutputError(f"{option} {str(output)!r}: this is a folder. Name a file in it.")
    if not output.parent.is_dir():
        raise OutputError(f"{option} {str(output)!r}: there is no folder {output.parent}. Make it, or name another.")


@contextmanager
def write_whole(output: Path) -> Iterator[BinaryIO]:
    """A file that takes the place of `output` once all is written; after a failure `output` is as it was.

    Raises:
        OutputError: as `check_output`.
    """
    check_output(output)
    # Behind a link stands the file to replace; a device or a pipe can only be written to.
    final = output.resolve()
    if final.exists() and not final.is_file():
        with final.open("wb") as file:
            yield file
        return
    beside = final.with_name(f".{final.name}.{os.getpid()}.tmp")
    try:
        with beside.open("wb") as file:
            yield file
        if final.exists():
            shutil.copymode(final, beside)
        beside.replace(final)
    finally:
        beside.unlink(missing_ok=True)
