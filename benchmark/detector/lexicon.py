"""One language's lexicon as patterns that respect its word boundaries."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

import regex

from benchmark.normalise import fold
from languages import load
from languages.schema import Identity

UNSPACED = {"Hans", "Jpan", "Kore"}
# Scripts of languages whose words take long endings; lexicon entries are stems there.
INFLECTING = {"Telu", "Beng", "Cyrl"}
LONE_LETTER = r"(?<![\p{Latin}\p{N}\p{M}])[A-J](?![\p{Latin}\p{N}]|['’]\p{L})"
LETTER = regex.compile(LONE_LETTER)


class Entry(NamedTuple):
    """One entry of a list: its longest word, in small letters, and its pattern."""

    word: str
    pattern: regex.Pattern[str]


@dataclass(frozen=True)
class LexiconPatterns:
    """Lists of the lexicon as patterns; `option` finds a reference to an option.

    `sources` and `experts` are looked for in every sentence, so they are kept apart for a quick look first.
    """

    sources: tuple[Entry, ...]
    experts: tuple[Entry, ...]
    pointing: regex.Pattern[str]
    negations: regex.Pattern[str]
    relies: regex.Pattern[str]
    rejects: regex.Pattern[str]
    computation: regex.Pattern[str]
    option: regex.Pattern[str]


@cache
def lexicon_patterns(code: str) -> LexiconPatterns:
    """The patterns of one language."""
    language = load(code)
    lexicon = language.lexicon
    ordinals = tuple(word for words in lexicon.ordinals for word in words)
    option = regex.compile(f"{LONE_LETTER}|(?i:{_alternatives(ordinals, language.language)})")
    return LexiconPatterns(
        sources=_list_entries(lexicon.sources, language.language),
        experts=_list_entries(lexicon.experts, language.language),
        pointing=_compile(lexicon.pointing, language.language),
        negations=_compile(lexicon.negations, language.language, whole=True),
        relies=_compile(lexicon.relies, language.language),
        rejects=_compile(lexicon.rejects, language.language),
        computation=_compile(lexicon.computation, language.language),
        option=option,
    )


def _list_entries(texts: tuple[str, ...], language: Identity) -> tuple[Entry, ...]:
    return tuple(
        Entry(max(text.lower().split(), key=len), _compile((text,), language)) for text in sorted(set(map(fold, texts)))
    )


def _compile(texts: tuple[str, ...], language: Identity, whole: bool = False) -> regex.Pattern[str]:
    return regex.compile(f"(?i:{_alternatives(texts, language, whole)})")


def _alternatives(texts: tuple[str, ...], language: Identity, whole: bool = False) -> str:
    folded = sorted({fold(text) for text in texts}, key=len, reverse=True)
    return "|".join(_bounded(text, language, whole) for text in folded)


def _bounded(text: str, language: Identity, whole: bool) -> str:
    script = language.script
    escaped = r"\s+".join(regex.escape(word) for word in text.split())
    if script in UNSPACED:
        return escaped
    start = r"(?<![\p{L}\p{M}])" + _prefix(language)
    ending = 0 if whole or len(text) < 4 else (6 if script in INFLECTING else 2)
    tail = rf"[\p{{L}}\p{{M}}]{{0,{ending}}}" if ending else ""
    return rf"{start}{escaped}{tail}(?![\p{{L}}\p{{M}}])"


def _prefix(language: Identity) -> str:
    return f"(?:{'|'.join(map(regex.escape, language.joined_prefixes))})?" if language.joined_prefixes else ""
