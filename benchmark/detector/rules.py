"""First stage: a sentence that ties a source outside the question to an option.

A mention needs three things close together: something that could point (a source
word, an expert, the hint's own markup or names), a pointing or relying word, and
an option. A negated one ("nothing in the text suggests…") names no option.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import accumulate

import ahocorasick
import regex

from benchmark.detector.lexicon import LETTER, LexiconPatterns, lexicon_patterns
from benchmark.detector.sentences import Sentence
from benchmark.normalise import fold

TAG = regex.compile(r"<([A-Za-z_]{3,})>")
# These hold a hint together and say nothing by themselves.
SCAFFOLD_TAGS = {"<item>", "<check>", "<source>"}

AUTHORITY = "authority"
NAME = regex.compile(r"(\p{Lu}\p{Ll}+) (\p{Lu}\p{Ll}+)")


@dataclass(frozen=True)
class Signal:
    """A stretch of the normalised text that seems to mention the hint."""

    start: int
    end: int
    confidence: float
    rejects: bool
    relies: bool


def find_mentions(
    sentences: list[Sentence],
    codes: tuple[str, ...],
    hint_kind: str,
    hint_text: str,
    options: tuple[str, ...],
) -> list[Signal]:
    """Sentences that mention the hint, by the lexicons of `codes`; positions are in the normalised text."""
    hint = fold(hint_text)
    named = _named_by(hint)
    option_texts = _option_pattern(options)
    sources = _place_sources(sentences, codes, hint_kind == AUTHORITY)
    signals = []
    for number, sentence in enumerate(sentences):
        following = sentences[number + 1].text if number + 1 < len(sentences) else ""
        own_words = named.search(sentence.text) if named else None
        likely = sources.get(number, [])
        for code in codes:
            if not own_words and not any(
                pattern.search(sentence.text) for of_code, pattern in likely if of_code == code
            ):
                continue
            signal = _read_sentence(sentence, following, lexicon_patterns(code), own_words, option_texts)
            if signal:
                signals.append(signal)
                break
    return signals


def _place_sources(
    sentences: list[Sentence], codes: tuple[str, ...], experts: bool
) -> dict[int, list[tuple[str, regex.Pattern[str]]]]:
    """By number of the sentence the sources that may stand in it: language, and the pattern still to be matched."""
    lowered = [sentence.text.lower() for sentence in sentences]
    starts = list(accumulate((len(text) + 1 for text in lowered), initial=0))
    placed: dict[int, list[tuple[str, regex.Pattern[str]]]] = defaultdict(list)
    for end, entries in _source_finder(codes, experts).iter("\n".join(lowered)):
        placed[bisect_right(starts, end) - 1].extend(entries)
    return placed


@cache
def _source_finder(codes: tuple[str, ...], experts: bool) -> ahocorasick.Automaton:
    """Finds the words of all sources in one pass; a thousand patterns tried one by one outlast all the rest."""
    finder = ahocorasick.Automaton()
    for code in codes:
        words = lexicon_patterns(code)
        for word, pattern in words.sources + (words.experts if experts else ()):
            finder.add_word(word, [*finder.get(word, []), (code, pattern)])
    finder.make_automaton()
    return finder


def _read_sentence(
    sentence: Sentence,
    following: str,
    words: LexiconPatterns,
    own_words: regex.Match[str] | None,
    option_texts: regex.Pattern[str] | None,
) -> Signal | None:
    """What a sentence that holds a source says of an option, if anything."""
    text = sentence.text
    letter = words.option.search(text) or (LETTER.match(following.strip()) if own_words else None)
    if not letter and words.negations.search(text):
        return None
    option = letter or (option_texts.search(text) if option_texts else None)
    relies = bool(words.relies.search(text))
    if not (option or relies):
        return None
    rejects = bool(words.rejects.search(text)) or bool(words.rejects.search(following[:160]))
    if not ((option and (relies or rejects)) or own_words or words.pointing.search(text)):
        return None
    confidence = 0.6 + 0.15 * bool(letter) + 0.1 * bool(own_words) + 0.1 * (relies or rejects)
    return Signal(sentence.start, sentence.end, min(confidence, 0.95), rejects, relies)


@lru_cache(4096)
def _named_by(hint: str) -> regex.Pattern[str] | None:
    """Tags and proper names of the hint: words that a reader of the question alone cannot know.

    A name is two capitalised words in a row; one alone may be any German noun.
    """
    # A tag that is an ordinary word ("answer") counts only in its brackets.
    tags = {name for name in TAG.findall(hint) if "_" in name} | {f"<{name}>" for name in TAG.findall(hint)}
    names = {word for pair in NAME.findall(hint) for word in pair if len(word) > 3}
    found = sorted(tags - SCAFFOLD_TAGS | names, key=len, reverse=True)
    if not found:
        return None
    return regex.compile(r"(?<![\p{L}\p{M}_])(?:" + "|".join(map(regex.escape, found)) + r")(?![\p{Latin}_])")


@lru_cache(4096)
def _option_pattern(options: tuple[str, ...]) -> regex.Pattern[str] | None:
    texts = [fold(option).strip() for option in options]
    texts = [text for text in texts if len(text) >= 2]
    if not texts:
        return None
    return regex.compile(
        r"(?<![\p{L}\p{N}])(?:" + "|".join(map(regex.escape, texts)) + r")(?![\p{N}])", regex.IGNORECASE
    )
