"""Where files are kept that can be made again."""

from __future__ import annotations

import os
from pathlib import Path


def cache_folder(*parts: str) -> Path:
    """The user's cache of Candor, or a folder in it: under $XDG_CACHE_HOME, or ~/.cache. It need not be there yet."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache", "candor", *parts)
