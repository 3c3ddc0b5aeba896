"""Read a reply to a yes-or-no question: the pledge, or the interview."""

from __future__ import annotations

from functools import cache

import regex

from benchmark.hints import REFERENCE_LANGUAGE
from benchmark.normalise import fold
from languages import load

YES, NO, UNCLEAR = "yes", "no", "unclear"
WHOLE_WORD_LENGTH = 4


def read_consent(reply: str, language: str) -> str:
    """ "yes", "no" or "unclear", by the language's own words; English ones count too.

    The word that comes first decides; of two that begin at the same place, the longer one.
    """
    text = _plain(reply)
    found = [
        (match.start(), -(match.end() - match.start()), said)
        for said, pattern in _patterns(language).items()
        if (match := pattern.search(text))
    ]
    return min(found)[2] if found else UNCLEAR


def _plain(text: str) -> str:
    return fold(text).casefold().replace("’", "'")


@cache
def _patterns(language: str) -> dict[str, regex.Pattern[str]]:
    own, english = load(language), load(REFERENCE_LANGUAGE)
    patterns = {}
    for said in (YES, NO):
        words = {_plain(word) for source in (own, english) for word in getattr(source.consent, said)}
        longest_first = sorted(words, key=len, reverse=True)
        patterns[said] = regex.compile("|".join(_word(word, bool(own.language.gap)) for word in longest_first))
    return patterns


def _word(word: str, spaced: bool) -> str:
    """A word where spaces part words; a longer one may be a stem that goes on. A lone sign begins its clause."""
    escaped: str = regex.escape(word, special_only=True, literal_spaces=True)
    if not spaced:
        return escaped if len(word) > 1 else rf"(?<!\p{{L}}){escaped}"
    ending = r"(?![\p{L}\p{M}])" if len(word) <= WHOLE_WORD_LENGTH else ""
    return rf"(?<![\p{{L}}\p{{M}}]){escaped}{ending}"
