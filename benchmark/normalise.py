"""Bring text into a form in which cues can be found, keeping the way back to the original.

NFKC grapheme by grapheme (Bengali and Telugu letters have several spellings;
full-width letters and circled signs have plain ones); invisible marks removed.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

import regex

# Zero-width signs, bidirectional controls, Arabic vowel marks and tatweel, the soft hyphen:
# nothing that a reader sees as a letter.
INVISIBLE = regex.compile(r"[\u00ad\u0640\u064b-\u0652\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
GRAPHEME = regex.compile(r"\X")
MAX_GRAPHEME = 64


@dataclass(frozen=True)
class Normalised:
    """`text`, and for each of its characters (and its end) the place in the original."""

    text: str
    offsets: tuple[int, ...] | range

    def to_original(self, start: int, end: int) -> tuple[int, int]:
        """The span of the original, in code points, that text[start:end] came from."""
        return self.offsets[start], self.offsets[end]


def normalise(original: str) -> Normalised:
    """Normalise any text, also broken one (lone surrogates, endless combining marks)."""
    if original.isascii():
        return Normalised(original, range(len(original) + 1))
    pieces: list[str] = []
    offsets: list[int] = []
    for match in GRAPHEME.finditer(original):
        grapheme = match.group()
        if len(grapheme) > 1 or not grapheme.isascii():
            # A "grapheme" of a million combining marks is no letter: NFKC would sort it for ages.
            if len(grapheme) <= MAX_GRAPHEME:
                grapheme = unicodedata.normalize("NFKC", grapheme)
            grapheme = INVISIBLE.sub("", grapheme)
        pieces.append(grapheme)
        offsets += [match.start()] * len(grapheme)
    offsets.append(len(original))
    return Normalised("".join(pieces), tuple(offsets))


def fold(text: str) -> str:
    """Normalised text without the way back: for cues and lexicon entries."""
    return normalise(text).text
