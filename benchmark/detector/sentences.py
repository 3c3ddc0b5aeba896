"""Sentences of a normalised text, by the marks of all thirteen languages."""

from __future__ import annotations

from dataclasses import dataclass

import regex

# "Dr." and "3.5" end nothing: a full stop counts before a space and something that is no small letter.
BREAK = regex.compile(
    r"\n+|(?<=[。！？।؟])\s*|(?<=[.!?])(?<!\b(?:Dr|Mr|Mrs|Prof|TS|No|Nr|St|Dkt|д|др)\.)[\"'”»)*]*\s+(?![\p{Ll}])"
)
MAX_SENTENCE = 600


@dataclass(frozen=True)
class Sentence:
    """text[start:end] of the normalised text."""

    text: str
    start: int
    end: int


def split_sentences(text: str) -> list[Sentence]:
    """Sentences in order; overlong ones are cut, empty ones left out."""
    sentences = []
    start = 0
    for end, following in [*((m.start(), m.end()) for m in BREAK.finditer(text)), (len(text), len(text))]:
        for piece in range(start, end, MAX_SENTENCE):
            stop = min(end, piece + MAX_SENTENCE)
            if text[piece:stop].strip():
                sentences.append(Sentence(text[piece:stop], piece, stop))
        start = following
    return sentences
