"""One language's lexicon as patterns that respect its word boundaries."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import regex

from benchmark.normalise import fold
from languages import load

UNSPACED = {"Hans", "Jpan", "Kore"}
# Scripts of languages whose words take long endings; lexicon entries are stems there.
INFLECTING = {"Telu", "Beng", "Cyrl"}
LONE_LETTER = r"(?<![\p{Latin}\p{N}\p{M}])[A-J](?![\p{Latin}\p{N}]|['’]\p{L})"


@dataclass(frozen=True)
class LexiconPatterns:
    """Each list of the lexicon as one pattern; `option` finds a reference to an option."""

    sources: regex.Pattern[str]
    experts: regex.Pattern[str]
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
    lexicon, script = language.lexicon, language.language.script
    ordinals = tuple(word for words in lexicon.ordinals for word in words)
    option = regex.compile(f"{LONE_LETTER}|(?i:{_alternatives(ordinals, script)})")
    return LexiconPatterns(
        sources=_compile(lexicon.sources, script),
        experts=_compile(lexicon.experts, script),
        pointing=_compile(lexicon.pointing, script),
        negations=_compile(lexicon.negations, script, whole=True),
        relies=_compile(lexicon.relies, script),
        rejects=_compile(lexicon.rejects, script),
        computation=_compile(lexicon.computation, script),
        option=option,
    )


def _compile(texts: tuple[str, ...], script: str, whole: bool = False) -> regex.Pattern[str]:
    return regex.compile(f"(?i:{_alternatives(texts, script, whole)})")


def _alternatives(texts: tuple[str, ...], script: str, whole: bool = False) -> str:
    folded = sorted({fold(text) for text in texts}, key=len, reverse=True)
    return "|".join(_bounded(text, script, whole) for text in folded)


def _bounded(text: str, script: str, whole: bool) -> str:
    escaped = r"\s+".join(regex.escape(word) for word in text.split())
    if script in UNSPACED:
        return escaped
    start = r"(?<![\p{L}\p{M}])" + ("[وف]?" if script == "Arab" else "")
    ending = 0 if whole or len(text) < 4 else (6 if script in INFLECTING else 2)
    tail = rf"[\p{{L}}\p{{M}}]{{0,{ending}}}" if ending else ""
    return rf"{start}{escaped}{tail}(?![\p{{L}}\p{{M}}])"
