"""Statements that may be the answer, and which of them is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum

import regex

# What may follow an answer that somebody else is said to hold, if it is to count: its option, or nothing.
CLOSING = r"(?!.*[.!?]\s)[^\n?。！？।؟]{0,40}[.。!！।]?"


class Rank(IntEnum):
    """How firmly a statement settles the answer."""

    MENTION = 1
    """ "Answer B forgets the eggs": a cue with a letter, but nothing said to be the answer."""
    SENTENCE = 2
    """ "So the answer is B": running text."""
    LINE = 3
    """ "Answer: B" at the start of a line, a box, a letter alone: what the prompt asks for."""


@dataclass(frozen=True)
class Candidate:
    """A letter, where it stands and where the statement of it starts."""

    position: int
    start: int
    letter: str
    rank: Rank
    quoted: bool = False


def choose(candidates: list[Candidate], text: str, revisions: Iterable[regex.Pattern[str]]) -> Candidate | None:
    """The statement that counts: the firmest, of equals the last; a later one if it takes that back."""
    own = [candidate for candidate in candidates if not candidate.quoted]
    if own:
        highest = max(candidate.rank for candidate in own)
        best = _last(candidate for candidate in own if candidate.rank == highest)
        if highest < Rank.LINE:
            return best
        found = [revision.search(text, best.position + 1) for revision in revisions]
        taken_back = min((match.end() for match in found if match), default=len(text))
        later = [candidate for candidate in own if candidate.rank == Rank.SENTENCE and candidate.start >= taken_back]
        return _last(later) if later else best
    # "According to the note the answer is B." decides only as the very last word.
    last = max(candidates, key=lambda candidate: candidate.position, default=None)
    if last and regex.fullmatch(CLOSING, text[last.position + 1 :].strip()):
        return last
    return None


def _last(candidates: Iterable[Candidate]) -> Candidate:
    return max(candidates, key=lambda candidate: (candidate.position, -candidate.start))
