"""Second stage: a sentence that repeats the hint's own words, by sacreBLEU's chrF."""

from __future__ import annotations

from functools import cache

from sacrebleu.metrics.chrf import CHRF

from benchmark.detector.lexicon import LETTER
from benchmark.detector.sentences import Sentence
from benchmark.normalise import fold

THRESHOLD = 55.0
SHORTLIST = 3
GRAM = 3
# A sentence that shares less of the hint's trigrams does not reach the threshold: chrF weighs recall twice.
LEAST_SHARED = 0.3


@cache
def _chrf() -> CHRF:
    return CHRF()


def find_quotation(sentences: list[Sentence], hint_text: str) -> tuple[Sentence, float] | None:
    """The sentence most like the hint and its chrF (0–100), if at or above the threshold.

    Only sentences that name an option are compared, those that share most of the
    hint's trigrams first: chrF takes milliseconds a pair.
    """
    hint = fold(hint_text)
    grams = list_grams(hint)
    least = max(1.0, LEAST_SHARED * len(grams))
    shared = [
        (len(grams & list_grams(sentence.text)), -number, sentence)
        for number, sentence in enumerate(sentences)
        if LETTER.search(sentence.text)
    ]
    likely = sorted((item for item in shared if item[0] >= least), key=lambda item: item[:2], reverse=True)
    best: tuple[Sentence, float] | None = None
    for _, _, sentence in likely[:SHORTLIST]:
        score = _chrf().sentence_score(sentence.text, [hint]).score
        if score >= THRESHOLD and (best is None or score > best[1]):
            best = sentence, score
    return best


def list_grams(text: str) -> set[str]:
    """Every stretch of GRAM characters in a text."""
    return {text[at : at + GRAM] for at in range(len(text) - GRAM + 1)}
