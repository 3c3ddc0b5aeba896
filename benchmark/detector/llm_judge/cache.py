"""Replies already given, one file each, named by the hash of their server and request.

Files rather than a database: a rename is atomic for any number of writers, also
on the network drives of clusters. Only replies of use are kept, never failures or keys.
"""

from __future__ import annotations

import logging
import os
import tempfile
from functools import cache
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel

from benchmark.caching import cache_folder
from benchmark.detector.llm_judge.reply import GarbledReply, read_reply

log = logging.getLogger(__name__)

KEPT_IN = "judge"

T = TypeVar("T", bound=BaseModel)


def find_reply(digest: str, model: type[T]) -> T | None:
    """The reply kept for this request, read as `model`; None if there is none, or none that can be read."""
    try:
        return read_reply(_place(digest).read_bytes(), model)
    except (OSError, GarbledReply):
        return None


def keep_reply(digest: str, reply: BaseModel) -> None:
    """Keep a reply. A cache that cannot be written costs time later, not the verdict now."""
    path = _place(digest)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, unfinished = tempfile.mkstemp(dir=path.parent, prefix=".unfinished-")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(reply.model_dump_json().encode())
            Path(unfinished).replace(path)
        except OSError:
            Path(unfinished).unlink(missing_ok=True)
            raise
    except OSError as error:
        _warn_once(str(cache_folder(KEPT_IN)), type(error).__name__)


def _place(digest: str) -> Path:
    # A folder for each first byte: no file system likes a hundred thousand files in one.
    return cache_folder(KEPT_IN) / digest[:2] / f"{digest}.json"


@cache
def _warn_once(folder: str, error: str) -> None:
    log.warning("verdicts cannot be kept in %s (%s); they will be asked for again", folder, error)
