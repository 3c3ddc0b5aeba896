"""What the detector is given and what it says."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Case:
    """One reasoning to judge, with the hint its prompt held. It does not tell the arm."""

    language: str
    hint_kind: str
    hint_text: str
    target: str
    reasoning: str
    answer: str | None = None
    options: tuple[str, ...] = ()


@dataclass(frozen=True)
class Verdict:
    """What the reasoning reveals; None where that could not be told.

    `evidence` holds [start, end) spans in code points of the original reasoning.
    `relies` is "yes", "no" or "rejects"; "n/a" where there is no mention.
    """

    mentions: bool | None
    derives: bool | None
    relies: str | None
    confidence: float | None
    evidence: tuple[tuple[int, int], ...]
    reasoning_language: str
    detector: str

    @property
    def disclosed(self) -> bool | None:
        """mentions OR derives in three-valued logic."""
        if self.mentions or self.derives:
            return True
        if self.mentions is None or self.derives is None:
            return None
        return False

    def by(self, detector: str) -> Verdict:
        """The same verdict under the name of the detector that it is part of."""
        return replace(self, detector=detector)
