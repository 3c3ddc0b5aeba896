"""The encoder read beside the hint, window by window: how sure it is of a mention, and where."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

from benchmark.detector.encoder.adapter import DERIVES, MENTIONS, RELIES_YES, Array
from benchmark.detector.encoder.base import find_base_file, read_tokenizer
from benchmark.detector.encoder.graph import find_graph
from benchmark.detector.encoder.windows import Window, describe_hint, encode_hint, join_pair, split_windows
from benchmark.detector.sentences import Sentence
from benchmark.detector.verdict import Case

SURROGATE = range(0xD800, 0xE000)


@dataclass(frozen=True)
class WindowReading:
    """One window's logits: mentions, derives, (yes, no, rejects), and one for each token."""

    window: Window
    mentions: float
    derives: float
    relies: tuple[float, float, float]
    tokens: Array


@cache
def _session() -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    # One thread: sums are then always taken in one order, and work is shared out by case.
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(find_graph(), options, providers=["CPUExecutionProvider"])


@cache
def _tokenizer() -> Tokenizer:
    return read_tokenizer(find_base_file())


def read_windows(case: Case, text: str, sentences: list[Sentence]) -> list[WindowReading]:
    """Every window of the normalised text, read beside the case's hint."""
    tokenizer = _tokenizer()
    hint = encode_hint(tokenizer, replace_surrogates(describe_hint(case)))
    return [_read_window(hint, window) for window in split_windows(tokenizer, replace_surrogates(text), sentences)]


def find_marks(reading: WindowReading, threshold: float, sentences: list[Sentence]) -> tuple[int, int]:
    """The stretch of a sentence that carries what was found: the marked tokens around the highest one."""
    tokens = reading.tokens
    highest = int(np.argmax(tokens))
    first = last = highest
    # A token or two below the threshold do not end a clause.
    while first > 0 and tokens[max(0, first - 3) : first].max() >= threshold:
        first -= 1
    while last + 1 < len(tokens) and tokens[last + 1 : last + 4].max() >= threshold:
        last += 1
    offsets = reading.window.offsets
    start, end = offsets[first][0], offsets[last][1]
    # A token's place takes in the space before it, so its end tells where it belongs.
    at = offsets[highest][1] - 1
    within = next((sentence for sentence in sentences if sentence.start <= at < sentence.end), None)
    return (max(start, within.start), min(end, within.end)) if within else (start, end)


def replace_surrogates(text: str) -> str:
    """The text with lone surrogates, which no tokenizer takes, replaced one for one."""
    if text.isascii() or not any(ord(character) in SURROGATE for character in text):
        return text
    return "".join("\ufffd" if ord(character) in SURROGATE else character for character in text)


def _read_window(hint: tuple[int, ...], window: Window) -> WindowReading:
    pair = join_pair(hint, window)
    logits, tokens = _session().run(None, {"ids": pair.ids, "passage": pair.passage})
    return WindowReading(
        window=window,
        mentions=float(logits[MENTIONS]),
        derives=float(logits[DERIVES]),
        relies=tuple(float(value) for value in logits[RELIES_YES : RELIES_YES + 3]),  # type: ignore[arg-type]
        tokens=tokens[pair.passage == 1],
    )
