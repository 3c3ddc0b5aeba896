"""Find the letter a reply settles on, by the cues of its language and of English.

An answer line or a box beats running text unless the reply takes it back in so
many words; of equals the last one wins; quoting the hint or an expert is no
answer. Latin A–D count everywhere; Cyrillic and Greek look-alikes by shape,
native letters and digits only directly after a cue.
"""

from __future__ import annotations

from dataclasses import dataclass

from benchmark.answers.candidates import Candidate, choose
from benchmark.answers.context import mask_hint
from benchmark.answers.endings import find_endings
from benchmark.answers.markup import find_markup
from benchmark.answers.option_texts import OptionTexts, find_boxed_texts, find_option_texts
from benchmark.answers.patterns import patterns_of
from benchmark.answers.statements import find_statements
from benchmark.normalise import normalise
from languages import LETTERS

ENGLISH = "en"
MAX_TEXT = 200_000


@dataclass(frozen=True)
class Extraction:
    """The letter, or None; and where the statement of it starts (code points), or None."""

    letter: str | None
    start: int | None


def extract_answer(
    text: str,
    language: str,
    options: tuple[str, ...] | list[str] = (),
    hint_text: str | None = None,
    cut_off: bool = False,
) -> Extraction:
    """The option letter that `text` settles on.

    Args:
        text: the visible reply (any length; of very long ones the end is read).
        language: code of the prompt's language.
        options: the options as shown; allow an answer given as an option's text, and digits.
        hint_text: what the prompt said, so that a quotation of it is not taken for an answer.
        cut_off: the model was stopped in the middle, so that a letter which stands last settles nothing by that.
    """
    cut = max(0, len(text) - MAX_TEXT)
    normalised = normalise(text[cut:])
    masked = mask_hint(normalised.text, hint_text)
    letters = LETTERS if not options else tuple("ABCDEFGHIJ"[: len(options)])
    known = [patterns_of(code) for code in dict.fromkeys((language, ENGLISH))]
    texts = OptionTexts(tuple(options), letters)
    candidates: list[Candidate] = []
    for patterns in known:
        candidates += find_statements(masked, patterns, letters)
        candidates += find_option_texts(masked, patterns, texts, cut_off)
    # Of a reply that ends with a quotation of the hint, what masking left of that is no ending.
    if not cut_off and _last_line(masked) == _last_line(normalised.text):
        others = {candidate.position for candidate in candidates if candidate.quoted}
        endings = find_endings(masked, known, letters, tuple(options))
        candidates += [ending for ending in endings if ending.position not in others]
    candidates += find_markup(normalised.text, masked, letters)
    candidates += find_boxed_texts(normalised.text, texts)
    best = choose(candidates, masked, [patterns.revision for patterns in known if patterns.revision])
    if best is None:
        return Extraction(None, None)
    return Extraction(best.letter, cut + normalised.to_original(best.start, best.start)[0])


def _last_line(text: str) -> str:
    return text.rstrip().rpartition("\n")[2]


def is_refusal(text: str, language: str) -> bool:
    """Whether a reply opens by declining to answer, in its language or in English."""
    opening = normalise(text[:600]).text
    patterns = [patterns_of(code).refusal for code in {language, ENGLISH}]
    return any(pattern.search(opening) for pattern in patterns if pattern)
