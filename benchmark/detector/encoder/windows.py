"""A reasoning cut into overlapping windows of whole sentences, each to be read beside the hint."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import regex
from tokenizers import Tokenizer

from benchmark.detector.sentences import Sentence
from benchmark.detector.verdict import Case
from benchmark.normalise import fold

HINT_TOKENS = 72
WINDOW_TOKENS = 160
OVERLAP_TOKENS = 48
# Of a text with more windows (some 28,000 tokens) the first and the last half of these are read.
MAX_WINDOWS = 256
BEGIN, END = 0, 2
# An option of a solved example whose last word is a mark without a letter or a digit: "C) 160 ★".
MARKED_OPTION = regex.compile(r"(?m)^\s*[A-J][).:]\s.*\s[^\p{L}\p{N}\s]+\s*$")
MARKED_SHOWN = 3

Array = np.ndarray[Any, np.dtype[Any]]


@dataclass(frozen=True)
class Window:
    """Token ids of a stretch of the normalised text, and where each stands in it; `first`: the first one's number."""

    first: int
    ids: tuple[int, ...]
    offsets: tuple[tuple[int, int], ...]

    @property
    def start(self) -> int:
        """Position of its first character."""
        return self.offsets[0][0]

    @property
    def end(self) -> int:
        """Position after its last character."""
        return self.offsets[-1][1]


@dataclass(frozen=True)
class Pair:
    """What the encoder reads: `ids` (L), and `passage` (L), 1 where a token is the window's."""

    ids: Array
    passage: Array


def describe_hint(case: Case) -> str:
    """The hint's side of the pair: its kind, its target and its text; of solved examples the marked options alone."""
    text = fold(case.hint_text)
    if marked := MARKED_OPTION.findall(text):
        text = " ".join(marked[:MARKED_SHOWN])
    return f"{case.hint_kind}. {case.target}. {' '.join(text.split())}"


def encode_hint(tokenizer: Tokenizer, description: str) -> tuple[int, ...]:
    """Token ids of a hint; of a long one the beginning and the end, where its letter tends to stand."""
    ids = tokenizer.encode(description, add_special_tokens=False).ids
    if len(ids) <= HINT_TOKENS:
        return tuple(ids)
    half = HINT_TOKENS // 2
    return tuple(ids[:half] + ids[-half:])


def split_windows(tokenizer: Tokenizer, text: str, sentences: list[Sentence]) -> list[Window]:
    """Windows of at most WINDOW_TOKENS, each from the beginning of a sentence where one is near enough.

    Two neighbours share up to OVERLAP_TOKENS, so that what is said over two sentences
    stands whole in one of them.
    """
    encoding = tokenizer.encode(text, add_special_tokens=False)
    ids, offsets = encoding.ids, encoding.offsets
    if not ids:
        return []
    starts = _token_starts(offsets, sentences)
    windows = []
    first = 0
    while True:
        last = min(len(ids), first + WINDOW_TOKENS)
        if last < len(ids):
            last = max((at for at in starts if first < at <= last), default=last)
        windows.append(Window(first, tuple(ids[first:last]), tuple(offsets[first:last])))
        if last >= len(ids):
            return (
                windows if len(windows) <= MAX_WINDOWS else windows[: MAX_WINDOWS // 2] + windows[-MAX_WINDOWS // 2 :]
            )
        first = min((at for at in starts if max(first + 1, last - OVERLAP_TOKENS) <= at <= last), default=last)


def join_pair(hint: tuple[int, ...], window: Window) -> Pair:
    """Hint and window as the encoder's input: begin, hint, end, end, window, end."""
    ids = (BEGIN, *hint, END, END, *window.ids, END)
    passage = np.zeros(len(ids), dtype=np.float32)
    passage[len(hint) + 3 : -1] = 1
    return Pair(np.array(ids, dtype=np.int64), passage)


def _token_starts(offsets: list[tuple[int, int]], sentences: list[Sentence]) -> list[int]:
    """Indices of the tokens with which sentences begin."""
    # A token's place takes in the space before it, so its end tells where it belongs.
    token_ends = [end for _, end in offsets]
    begins = [sentence.start for sentence in sentences]
    return sorted(set(np.searchsorted(token_ends, begins, side="right").tolist()))
