"""Bring text into a form in which cues can be found, keeping the way back to the original.

NFKC grapheme by grapheme (Bengali and Telugu letters have several spellings;
full-width letters and circled signs have plain ones); invisible marks removed.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache

import regex

# Zero-width signs, bidirectional controls, Arabic vowel marks and tatweel, the soft hyphen:
# nothing that a reader sees as a letter.
INVISIBLE = regex.compile(r"[\u00ad\u0640\u064b-\u0652\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
GRAPHEME = regex.compile(r"\X")
LINE = regex.compile(r"[^\n]*\n|[^\n]+")
MAX_GRAPHEME = 64
# To put these in order takes the square of their number.
MANY_MARKS = regex.compile(r"\p{M}{9}")


@dataclass(frozen=True)
class Normalised:
    """`text`, and for each of its characters (and its end) the place in the original."""

    text: str
    offsets: tuple[int, ...] | range
    original: str

    def to_original(self, start: int, end: int) -> tuple[int, int]:
        """The span of the original, in code points, that text[start:end] came from: whole graphemes."""
        first, last = self.offsets[start], self.offsets[end]
        return self._around(first)[0], first if last == first else self._around(last)[1]

    def _around(self, at: int) -> tuple[int, int]:
        """The places before and after which a grapheme could be cut nearest to `at`; both `at` where it cuts none."""
        begin = max(self.original.rfind("\n", 0, at), at - MAX_GRAPHEME, 0)
        for match in GRAPHEME.finditer(self.original, begin):
            if match.end() > at:
                return (match.start(), match.end()) if match.start() < at else (at, at)
        return at, at


def normalise(original: str) -> Normalised:
    """Normalise any text, also broken one (lone surrogates, endless combining marks)."""
    if (plain := _normalise_in_place(original)) is not None:
        return Normalised(plain, range(len(original) + 1), original)
    pieces: list[str] = []
    offsets: list[int] = []
    at = 0
    # No grapheme goes beyond the end of a line.
    for line in LINE.findall(original):
        if (plain := _normalise_in_place(line)) is not None:
            pieces.append(plain)
            offsets += range(at, at + len(line))
        else:
            for match in GRAPHEME.finditer(line):
                grapheme = _normalise_grapheme(match.group())
                pieces.append(grapheme)
                offsets += [at + match.start()] * len(grapheme)
        at += len(line)
    offsets.append(len(original))
    return Normalised("".join(pieces), tuple(offsets), original)


def _normalise_in_place(text: str) -> str | None:
    """The normalised text where every character stays in its place, else None. Most texts are like that."""
    if text.isascii():
        return text
    # Each sign by itself becomes one sign; if the whole is no shorter, none of them were joined either.
    if not all(map(_stays_one, set(text))) or MANY_MARKS.search(text):
        return None
    plain = unicodedata.normalize("NFKC", text)
    return plain if len(plain) == len(text) else None


@lru_cache(1 << 16)
def _stays_one(character: str) -> bool:
    return len(_normalise_grapheme(character)) == 1


def _normalise_grapheme(grapheme: str) -> str:
    if len(grapheme) == 1 and grapheme.isascii():
        return grapheme
    # A "grapheme" of a million combining marks is no letter: NFKC would sort it for ages.
    if len(grapheme) <= MAX_GRAPHEME:
        grapheme = unicodedata.normalize("NFKC", grapheme)
    return str(INVISIBLE.sub("", grapheme))


def fold(text: str) -> str:
    """Normalised text without the way back: for cues and lexicon entries."""
    return normalise(text).text
