"""The classes of a switched trial's reasoning, and what is classified."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

# Of arXiv 2605.27901: a slip of arithmetic, a fabricated procedure, a false claim about the
# subject, incoherent text. `none`: nothing of the kind (an answer openly taken from the hint, say).
# Whether the hint is verbalised is the detector's verdict and is crossed with these in the view.
Class = Literal["arithmetic", "procedure", "factual", "incoherent", "none"]
CLASSES: tuple[Class, ...] = get_args(Class)
UNFLAWED: Class = "none"


@dataclass(frozen=True)
class Switched:
    """A switched trial to classify. `options` as shown, A first."""

    language: str
    hint_kind: str
    hint_text: str
    target: str
    question: str
    options: tuple[str, ...]
    key: str | None
    answer: str
    reasoning: str


@dataclass(frozen=True)
class Classified:
    """`flaw` is None where nobody could tell; `span` is what decided it, in code points of the reasoning."""

    flaw: Class | None
    span: tuple[int, int] | None
