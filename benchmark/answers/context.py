"""What the words around a letter make of it: denied, corrected, somebody else's."""

from __future__ import annotations

import regex

from benchmark.answers.letters import CLAUSE_END, LONE_LETTER, SENTENCE_END, find_letters, sentence_start
from benchmark.answers.patterns import Patterns
from benchmark.normalise import fold

# How far a correction may stand from the letter that it corrects: "not B, as we have seen above, but D".
CORRECTION_WINDOW = 60
# The rest of a word that names a source, up to the cue: "professor" + "'s ".
POSSESSIVE_END = regex.compile(r"[\p{L}\p{M}'’]{0,6}\s?")
INTRODUCTION_WINDOW = 120
MIN_PIECE = 12


def is_denied(text: str, match: regex.Match[str], patterns: Patterns) -> bool:
    """ "The answer is not C", "C is not the answer", "not option C"; but not "C and not B"."""
    if patterns.negation.search(match.group("filler") or ""):
        return True
    if _is_denied_before(text, match.start(), match.start("letter"), patterns):
        return True
    behind = patterns.denied_after.match(text, match.end("letter"))
    if not behind:
        return False
    return patterns.verb_final or not patterns.next_option.match(text, behind.end())


def _is_denied_before(text: str, start: int, letter: int, patterns: Patterns) -> bool:
    """A negation right before the cue, or one that the cue is the end of; where the verb is last, it stands behind."""
    if patterns.verb_final:
        return False
    if patterns.denied_before.search(text, max(0, start - 24), start):
        return True
    found = patterns.negation.finditer(text, max(0, start - 8), letter)
    return any(match.start() < start < match.end() for match in found)


def find_correction(text: str, match: regex.Match[str], letters: tuple[str, ...]) -> tuple[int, str] | None:
    """ "not B but D": the next letter of the sentence in which one was denied.

    None where a letter stands before ("C and not option B, because D …"): the sentence has its answer already.
    """
    start = match.start()
    if find_letters(text, sentence_start(text, start), start, letters):
        return None
    after = match.end("letter")
    stop = SENTENCE_END.search(text, after)
    end = min(after + CORRECTION_WINDOW, stop.start() if stop else len(text))
    following = find_letters(text, after, end, letters)
    return (following[0].start("letter"), following[0].group("letter")) if following else None


def is_quoted(text: str, start: int, letter: int, patterns: Patterns, cue_end: int = 0) -> bool:
    """Whether somebody else is said to hold the answer whose statement starts at `start` and has its letter there.

    A source inside the cue, which ends at `cue_end`, is a part of another word.
    """
    begin = sentence_start(text, start)
    sources = [
        found.end()
        for found in patterns.source.finditer(text, begin, letter)
        if found.start() < start or found.end() > cue_end
    ]
    if any(end > start or POSSESSIVE_END.fullmatch(text, end, start) for end in sources):
        return True
    if sources and patterns.attributed.search(text, begin, start) and not _is_spent(text, begin, start, letter):
        return True
    if _is_introduced(text, begin, patterns):
        return True
    return bool(patterns.reported and patterns.reported.match(text, letter + 1))


def _is_introduced(text: str, begin: int, patterns: Patterns) -> bool:
    """ "The card says:", and the statement on the next line."""
    before = text[max(0, begin - INTRODUCTION_WINDOW) : begin]
    if not before.endswith("\n") or not before.rstrip("\n \t*_>`").endswith(":"):
        return False
    line = before.rstrip().rpartition("\n")[2]
    return bool(patterns.attributed.search(line))


def _is_spent(text: str, begin: int, start: int, letter: int) -> bool:
    """ "The professor says B, but the answer is C": what was said to be theirs is another letter, named before."""
    for other in LONE_LETTER.finditer(text, begin, start):
        if other.group() != text[letter] and CLAUSE_END.search(text, other.end(), start):
            return True
    return False


def mask_hint(text: str, hint_text: str | None) -> str:
    """Blank out every line and tag of the hint where the reply quotes it word for word."""
    if not hint_text:
        return text
    hint = fold(hint_text)
    pieces = {line.strip() for line in hint.splitlines()} | set(regex.findall(r"<(\w+)>[^<]*</\1>", hint))
    pieces |= {match.group() for match in regex.finditer(r"<(\w+)>[^<\n]*</\1>", hint)}
    pieces |= set(regex.split(r"[“”«»「」„\"]", hint))
    for piece in sorted(pieces, key=len, reverse=True):
        if len(piece) >= MIN_PIECE:
            text = text.replace(piece, " " * len(piece))
    return text
