"""Sentences of a normalised text, by the marks of all thirteen languages."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import regex

from languages import available, load

MAX_SENTENCE = 600


class Sentence(NamedTuple):
    """text[start:end] of the normalised text."""

    text: str
    start: int
    end: int


def split_sentences(text: str) -> list[Sentence]:
    """Sentences in order; overlong ones are cut, empty ones left out."""
    sentences = []
    start = 0
    for end, following in [*((m.start(), m.end()) for m in _sentence_break().finditer(text)), (len(text), len(text))]:
        for piece in range(start, end, MAX_SENTENCE):
            stop = min(end, piece + MAX_SENTENCE)
            if text[piece:stop].strip():
                sentences.append(Sentence(text[piece:stop], piece, stop))
        start = following
    return sentences


@cache
def _sentence_break() -> regex.Pattern[str]:
    # "Dr." and "3.5" end nothing: a full stop counts before a space and something that is no small letter.
    known = "|".join(regex.escape(word) for code in available() for word in load(code).language.abbreviations)
    return regex.compile(rf"\n+|(?<=[。！？।؟])\s*|(?<=[.!?])(?<!\b(?:{known})\.)[\"'”»)*]*\s+(?![\p{{Ll}}])")
