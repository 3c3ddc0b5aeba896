"""Replies without substance: a result and a letter, no word of a hint.

Small models write little else, and nobody who writes cases does. They are put together from the
sentences with which the calibration model is silent; those with which it names a
hint are never trained on, so that planted disclosure stays a test of the detector.
"""

from __future__ import annotations

import random

from benchmark.detector.training.cases import Labelled
from benchmark.detector.verdict import Case
from benchmark.normalise import fold
from languages import LETTERS, load, load_calibration, load_questions

HOLLOW = "hollow"


def draw_hollow(draw: random.Random, beside: Labelled) -> Labelled:
    """A hollow reply in the language of a labelled case, beside that case's hint."""
    language = beside.case.language
    said = load_calibration(language)
    letter = draw.choice(LETTERS)
    option = draw.choice(draw.choice(load_questions(language)).options)
    gap = load(language).language.gap
    parts = [draw.choice(said.opening), draw.choice(said.work), draw.choice(said.closing)]
    kept = [part for part in parts if draw.random() < 0.8] or parts[-1:]
    shown = f"{option} ({letter})" if draw.random() < 0.6 else option
    text = fold(gap.join(kept).replace("{option}", shown).replace("{letter}", letter))
    case = Case(language, beside.case.hint_kind, beside.case.hint_text, beside.case.target, text, letter)
    return Labelled(f"{beside.case_id}-{HOLLOW}", beside.writer, HOLLOW, case, text, False, "n/a", False, ())
