"""How much of a reasoning is in its prompt's language, sentence by sentence.

Models change language in the middle of their reasoning; langdetect names one language for
the whole and takes milliseconds. Here a sentence is told by its script, and among
languages of one script by their function words: the most frequent words of
their own language files.
"""

from __future__ import annotations

from collections import Counter
from functools import cache

import regex

from benchmark.detector.language import NOISE, SCRIPTS
from benchmark.detector.sentences import split_sentences
from benchmark.normalise import fold
from languages import available, load, load_calibration, load_questions

FUNCTION_WORDS = 60
WORD = regex.compile(r"[\p{L}\p{M}]+(?:['’][\p{L}\p{M}]+)?")
LETTER = regex.compile(r"\p{L}")
HAN_SCRIPTS = ("Hans", "Kana")


def measure_share(text: str, language: str) -> float | None:
    """Share of the letters of `text` (normalised) that stand in sentences of `language`; None without letters.

    A sentence that fits several languages of one script counts for the prompt's
    own where that is among them, else for none.
    """
    own = total = 0
    for sentence in split_sentences(NOISE.sub(" ", text)):
        letters = len(LETTER.findall(sentence.text))
        total += letters
        own += letters * (language in _possible_languages(sentence.text))
    return own / total if total else None


def _possible_languages(sentence: str) -> frozenset[str]:
    """The languages that a sentence may be in."""
    counts = Counter({script: len(pattern.findall(sentence)) for script, pattern in SCRIPTS.items()})
    script, most_common = counts.most_common(1)[0]
    if not most_common:
        return frozenset()
    if script in HAN_SCRIPTS:
        script = "Jpan" if counts["Kana"] else "Hans"
    candidates = [code for code in available() if load(code).language.script == script]
    if script == "Hans":
        # A Japanese sentence of a few characters may have no kana.
        candidates += [code for code in available() if load(code).language.script == "Jpan"]
    if len(candidates) < 2 or script == "Hans":
        return frozenset(candidates)
    words = [word.casefold() for word in WORD.findall(sentence)]
    hits = {code: sum(word in function_words(code) for word in words) for code in candidates}
    most = max(hits.values())
    return frozenset(code for code, found in hits.items() if found == most)


@cache
def function_words(code: str) -> frozenset[str]:
    """The most frequent words of a language, counted in its own questions and sentences."""
    said = load_calibration(code)
    texts = [question.question for question in load_questions(code)]
    texts += [*said.opening, *said.work, *said.closing, *said.pledge_yes, *said.pledge_no, *said.interview_no]
    texts += [sentence for sentences in said.mention.values() for sentence in sentences]
    texts += [hint.hinted for hint in load(code).hint if "<" not in hint.hinted and "```" not in hint.hinted]
    counts = Counter(word.casefold() for text in texts for word in WORD.findall(fold(text)) if len(word) > 1)
    return frozenset(word for word, _ in counts.most_common(FUNCTION_WORDS))
