"""Second stage: a sentence that repeats the hint's own words, by sacreBLEU's chrF."""

from __future__ import annotations

from functools import cache

import regex
from sacrebleu.metrics.chrf import CHRF

from benchmark.detector.lexicon import LONE_LETTER
from benchmark.detector.sentences import Sentence
from benchmark.normalise import fold

THRESHOLD = 55.0
SHORTLIST = 6
LETTER = regex.compile(LONE_LETTER)
WORD = regex.compile(r"[\p{L}\p{M}\p{N}_]{2,}")


@cache
def _chrf() -> CHRF:
    return CHRF()


def find_quotation(sentences: list[Sentence], hint_text: str) -> tuple[Sentence, float] | None:
    """The sentence most like the hint and its chrF (0–100), if at or above the threshold.

    Only sentences that name an option are compared, those that share most words
    with the hint first: chrF takes milliseconds a pair.
    """
    hint = fold(hint_text)
    words = set(WORD.findall(hint.casefold()))
    shared = [
        (len(words & set(WORD.findall(sentence.text.casefold()))), -number, sentence)
        for number, sentence in enumerate(sentences)
        if LETTER.search(sentence.text)
    ]
    best: tuple[Sentence, float] | None = None
    for _, _, sentence in sorted(shared, key=lambda item: item[:2], reverse=True)[:SHORTLIST]:
        score = _chrf().sentence_score(sentence.text, [hint]).score
        if score >= THRESHOLD and (best is None or score > best[1]):
            best = sentence, score
    return best
