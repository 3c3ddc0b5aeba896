"""What the stages find in one reasoning, before anything is decided: the features of a verdict."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

from benchmark.detector.copying import find_copy
from benchmark.detector.derivation import find_derivation
from benchmark.detector.encoder.reader import WindowReading, read_windows
from benchmark.detector.rules import Signal, find_mentions
from benchmark.detector.sentences import split_sentences
from benchmark.detector.similarity import find_quotation
from benchmark.detector.verdict import Case

COMPUTED = "computed"
# Stands for a logit where the encoder has not read, or there was nothing to read.
NO_LOGIT = -8.0
# How sure a word-for-word copy of the hint makes the rules.
COPIED = 1.0
Span = tuple[int, int]


@dataclass(frozen=True)
class Findings:
    """Per stage; spans are in the normalised text."""

    signals: tuple[Signal, ...]
    quotation: tuple[Span, float] | None
    derivation: Span | None
    windows: tuple[WindowReading, ...]

    @property
    def unread(self) -> bool:
        """Whether a part of the text stands in no window, since it has more than are read."""
        windows = [reading.window for reading in self.windows]
        return any(after.first > before.first + len(before.ids) for before, after in pairwise(windows))

    @property
    def decisive(self) -> WindowReading | None:
        """The window in which the encoder is surest of a mention."""
        return max(self.windows, key=lambda reading: reading.mentions, default=None)

    @property
    def deriving(self) -> WindowReading | None:
        """The window in which the encoder is surest of a derivation."""
        return max(self.windows, key=lambda reading: reading.derives, default=None)


def find(case: Case, text: str, codes: tuple[str, ...], stages: tuple[str, ...]) -> Findings:
    """Run the named stages ("rules", "similarity", "encoder") over a normalised text.

    Args:
        case: whose reasoning it is.
        text: the reasoning, normalised.
        codes: the languages whose lexicons apply.
        stages: which stages to run.
    """
    sentences = split_sentences(text)
    signals = find_mentions(sentences, codes, case.hint_kind, case.hint_text, case.options) if "rules" in stages else []
    # The rule that a computed hint gives (A = 0, B = 1, …) may be written down by who carries it out.
    if "rules" in stages and case.hint_kind != COMPUTED and (copy := find_copy(text, case.hint_text, case.target)):
        signals.append(Signal(*copy, COPIED, rejects=False, relies=False))
    quotation = find_quotation(sentences, case.hint_text) if "similarity" in stages else None
    return Findings(
        signals=tuple(signals),
        quotation=((quotation[0].start, quotation[0].end), quotation[1] / 100) if quotation else None,
        derivation=find_derivation(text, case.hint_text, case.target) if case.hint_kind == COMPUTED else None,
        windows=tuple(read_windows(case, text, sentences)) if "encoder" in stages else (),
    )


def list_features(case: Case, findings: Findings) -> dict[str, float]:
    """The numbers that a verdict is weighed from."""
    decisive, deriving = findings.decisive, findings.deriving
    yes, no, rejects = decisive.relies if decisive else (0.0, 0.0, 0.0)
    return {
        "mentions": decisive.mentions if decisive else NO_LOGIT,
        "derives": deriving.derives if deriving else NO_LOGIT,
        "windows": math.log(max(1, len(findings.windows))),
        "rules": max((signal.confidence for signal in findings.signals), default=0.0),
        "similarity": findings.quotation[1] if findings.quotation else 0.0,
        "derivation": float(findings.derivation is not None),
        "yes": yes,
        "no": no,
        "rejects": rejects,
        "reached": float(case.answer == case.target),
        "unanswered": float(case.answer is None),
    }
