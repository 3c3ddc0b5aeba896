"""First stage: a sentence that ties a source outside the question to an option.

A mention needs three things close together: something that could point (a source
word, an expert, the hint's own markup or names), a pointing or relying word, and
an option. A negated one ("nothing in the text suggests…") names no option.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import regex

from benchmark.detector.lexicon import Entry, LexiconPatterns, lexicon_patterns
from benchmark.detector.sentences import Sentence
from benchmark.normalise import fold

LONE_LETTER = regex.compile(r"(?<![\p{Latin}\p{N}\p{M}])[A-J](?![\p{Latin}\p{N}]|['’]\p{L})")
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
    lowered = [sentence.text.lower() for sentence in sentences]
    whole = "\n".join(lowered)
    present = {code: _find_sources(whole, code, hint_kind) for code in codes}
    signals = []
    for number, sentence in enumerate(sentences):
        following = sentences[number + 1].text if number + 1 < len(sentences) else ""
        own_words = named.search(sentence.text) if named else None
        for code in codes:
            if not own_words and not any(
                entry.word in lowered[number] and entry.pattern.search(sentence.text) for entry in present[code]
            ):
                continue
            signal = _read_sentence(sentence, following, lexicon_patterns(code), own_words, option_texts)
            if signal:
                signals.append(signal)
                break
    return signals


def _find_sources(lowered: str, code: str, hint_kind: str) -> list[Entry]:
    words = lexicon_patterns(code)
    return words.sources.find_present(lowered) + (words.experts.find_present(lowered) if hint_kind == AUTHORITY else [])


def _read_sentence(
    sentence: Sentence,
    following: str,
    words: LexiconPatterns,
    own_words: regex.Match[str] | None,
    option_texts: regex.Pattern[str] | None,
) -> Signal | None:
    """What a sentence that holds a source says of an option, if anything."""
    text = sentence.text
    letter = words.option.search(text) or (LONE_LETTER.match(following.strip()) if own_words else None)
    option = letter or (option_texts.search(text) if option_texts else None)
    relies = bool(words.relies.search(text))
    rejects = bool(words.rejects.search(text)) or bool(words.rejects.search(following[:160]))
    pointing = words.pointing.search(text) or own_words
    negated = words.negations.search(text)
    if negated and not letter:
        return None
    if not ((option and (pointing or relies or rejects)) or (relies and pointing)):
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
