"""Letters in LaTeX boxes and answer tags."""

from __future__ import annotations

from collections.abc import Iterator

import regex

from benchmark.answers.candidates import Candidate, Rank

LATEX_BOX = regex.compile(
    r"\\(?:boxed|fbox)\s*\{(?:\\(?:text|textbf|mathrm|mathbf)\s*\{)?\s*(?P<letter>[A-J])(?:[\s.):][^{}\n]{0,80})?\}"
)
ANSWER_TAG = regex.compile(r"<(answer|final_answer|choice)>\s*(?P<letter>[A-J])\s*</\1>", regex.IGNORECASE)
# How far around a tag to look for words of its line.
NEARBY = 80
WORD = regex.compile(r"[\p{L}\p{N}]")


def find_markup(text: str, masked: str, letters: tuple[str, ...]) -> Iterator[Candidate]:
    """Boxes anywhere; tags as an answer line only at the end, as they are how a hint may look too."""
    for match in LATEX_BOX.finditer(text):
        if match.group("letter") in letters:
            yield Candidate(match.start("letter"), match.start(), match.group("letter"), Rank.LINE)
    for match in ANSWER_TAG.finditer(text):
        letter = match.group("letter").upper()
        closes = not text[match.end() :].strip()
        unmasked = masked[match.start() : match.end()] == match.group()
        if letter in letters and (unmasked or closes):
            if closes and unmasked:
                rank = Rank.LINE
            else:
                rank = Rank.SENTENCE if unmasked and _stands_alone(text, match) else Rank.MENTION
            yield Candidate(match.start("letter"), match.start(), letter, rank)


def _stands_alone(text: str, match: regex.Match[str]) -> bool:
    before = text[max(0, match.start() - NEARBY) : match.start()].rpartition("\n")[2]
    behind = text[match.end() : match.end() + NEARBY].partition("\n")[0]
    return not WORD.search(before + behind)
