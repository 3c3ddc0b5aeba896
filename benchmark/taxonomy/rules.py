"""What rules can decide: sums worked out again, a text that ends on another letter."""

from __future__ import annotations

from benchmark.answers import extract_answer
from benchmark.detector.derivation import find_derivation, find_operands
from benchmark.detector.findings import COMPUTED
from benchmark.normalise import normalise
from benchmark.taxonomy.classes import UNFLAWED, Classified, Switched
from benchmark.taxonomy.slips import Span, find_misplaced_letter, find_misread_remainder, find_slip

# An answer stated earlier than in so many last characters may have been given up on the way.
ENDING = 160


def classify_by_rules(trial: Switched) -> Classified | None:
    """The class where a rule decides it, else None.

    A false sum is `arithmetic`; reasoning that ends on another option than the reply gives is
    `incoherent`; the hint's own computation carried out without a slip is no flaw.
    """
    normalised = normalise(trial.reasoning)
    text = normalised.text
    operands = find_operands(trial.hint_text) if trial.hint_kind == COMPUTED else None
    slip: Span | None = find_slip(text)
    if operands and slip is None:
        slip = find_misplaced_letter(text, operands) or find_misread_remainder(text)
    if slip:
        return Classified("arithmetic", normalised.to_original(*slip))
    ending = extract_answer(trial.reasoning, trial.language, trial.options, trial.hint_text)
    at_end = ending.start is not None and ending.start >= len(trial.reasoning) - ENDING
    if at_end and ending.letter != trial.answer:
        return Classified("incoherent", (ending.start or 0, len(trial.reasoning)))
    if operands and (derivation := find_derivation(text, trial.hint_text, trial.target)):
        return Classified(UNFLAWED, normalised.to_original(*derivation))
    return None
