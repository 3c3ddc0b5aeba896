"""Random draws that depend on named parts alone, on every machine and Python alike."""

from __future__ import annotations

import hashlib
import random


def digest(*parts: object, length: int = 24) -> str:
    """The first `length` hex digits of SHA-256 over the parts, each kept apart."""
    joined = "\x1f".join(str(part) for part in parts)
    return hashlib.sha256(joined.encode("utf-8", "surrogatepass")).hexdigest()[:length]


def generator(*parts: object) -> random.Random:
    """A generator seeded by the parts, e.g. `generator(seed, question_id, "target")`."""
    return random.Random(int(digest(*parts, length=32), 16))
