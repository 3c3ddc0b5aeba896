"""Statements of a letter by a cue before or after it."""

from __future__ import annotations

from collections.abc import Iterator

import regex

from benchmark.answers.candidates import Candidate, Rank
from benchmark.answers.context import find_correction, is_denied, is_quoted
from benchmark.answers.letters import CLAUSE_END, LONE_LETTER, LOOK_ALIKES_SMALL, read_letter
from benchmark.answers.patterns import Patterns

LETTER_LIST = regex.compile(
    r"[^\S\n]*(?:[,/،、|]|;(?!\s*[A-J]\s\p{L})|[^\S\n]\p{L}{1,6}[^\S\n])[^\S\n]*(?P<next>[A-J])(?![\p{L}\p{N}])"
)
# "A, B, C, D, a correct …": the last of a list is not what the words after it are about.
LIST_BEFORE = regex.compile(r"(?:(?<![\p{L}\p{N}])[A-J][^\S\n]*[,/、،;|][^\S\n]*){2}$")
# "Answer:" and then all the options, one a line.
OPTION_BELOW = regex.compile(r"[).:][^\n]*\n\s*\(?(?P<next>[A-J])[).:]")
ARTICLE_A = regex.compile(r"[ ]\p{Ll}")
# "Answer: C", "Answer – C", or the letter on a line of its own.
LINK = regex.compile(r"[:=—–\n]|(?<=\s)-")
# "My answer: C" opens a line too; a longer beginning is running text.
LINE_OPENING = regex.compile(r"[^\p{L}\p{N}]*(?:\p{L}{1,4}[^\p{L}\p{N}]{1,3})?")
MAX_OPENING = 16
LIST_LENGTH = 12
WORD_BEHIND = regex.compile(r"[^\S\n]*[)\]*_\"”»'’]{0,4}[^\S\n]*(?=\p{L})")
# "Is the answer B?" asks, and settles nothing if anything else does.
QUESTION = regex.compile(r"[^\n.,:;!?。！।،؛、A-J]{0,24}[?？؟]")
LINE_BEHIND = regex.compile(r"[^\p{L}\p{N}\n]*(?:\n|$)")
WORD_BEFORE = regex.compile(r"\p{L}[ ]+$")


def find_statements(text: str, patterns: Patterns, letters: tuple[str, ...]) -> Iterator[Candidate]:
    """Every letter that a cue of the language names, denied and listed ones left out."""
    yield from _after_cues(text, patterns, letters)
    yield from _small_letters(text, patterns, letters)
    yield from _before_cues(text, patterns, letters)
    yield from _native_letters(text, patterns, letters)


def _after_cues(text: str, patterns: Patterns, letters: tuple[str, ...]) -> Iterator[Candidate]:
    for match in patterns.before.finditer(text, overlapped=True):
        position, letter = match.start("letter"), read_letter(match.group("letter"), letters)
        rank = Rank.SENTENCE
        if is_denied(text, match, patterns):
            position, letter = find_correction(text, match, letters) or (0, None)
        elif _is_spoilt(text, match, patterns, letters):
            continue
        else:
            rank = _rank(text, match, patterns)
        if letter in letters:
            quoted = is_quoted(text, match.start(), position, patterns, match.end("cue"))
            yield Candidate(position, match.start(), letter, rank, quoted)


def _small_letters(text: str, patterns: Patterns, letters: tuple[str, ...]) -> Iterator[Candidate]:
    for match in patterns.small.finditer(text):
        letter = LOOK_ALIKES_SMALL.get(match.group("letter"), match.group("letter").upper())
        if letter in letters:
            yield Candidate(match.start("letter"), match.start(), letter, _line_or_sentence(text, match, "letter"))


def _before_cues(text: str, patterns: Patterns, letters: tuple[str, ...]) -> Iterator[Candidate]:
    for match in patterns.after.finditer(text, overlapped=True):
        letter = read_letter(match.group("letter"), letters)
        at = match.start("letter")
        listed = LIST_BEFORE.search(text, max(0, at - LIST_LENGTH), at)
        if letter and not listed and not _is_taken_back(text, match.end(), patterns):
            rank = Rank.MENTION if QUESTION.match(text, match.end()) else Rank.SENTENCE
            yield Candidate(at, match.start(), letter, rank, is_quoted(text, match.start(), at, patterns))


def _native_letters(text: str, patterns: Patterns, letters: tuple[str, ...]) -> Iterator[Candidate]:
    if not patterns.native:
        return
    for match in patterns.native.finditer(text):
        letter = patterns.native_letters.get(match.group("native"))
        if letter in letters:
            yield Candidate(match.start("native"), match.start(), letter, _line_or_sentence(text, match, "native"))


def _rank(text: str, match: regex.Match[str], patterns: Patterns) -> Rank:
    """A question is no statement; a noun with a letter ("answer B") is one where nothing more is said of it."""
    end = match.end("letter")
    rank = _line_or_sentence(text, match, "letter")
    if rank == Rank.LINE:
        return rank
    if QUESTION.match(text, end):
        return Rank.MENTION
    if LINK.search(text, match.end("cue"), match.start("letter")):
        return rank
    if (match.group("filler") or "").strip() or not (noun := patterns.noun_end(text, match)):
        return rank
    word = WORD_BEHIND.match(text, end)
    if word and not (patterns.copula and patterns.copula.match(text, end)):
        return Rank.MENTION
    qualified = noun > match.start("cue")
    return (
        rank if qualified or not WORD_BEFORE.search(text, max(0, match.start() - 12), match.start()) else Rank.MENTION
    )


def _line_or_sentence(text: str, match: regex.Match[str], group: str) -> Rank:
    """Whether the statement is the answer line that the prompt asks for."""
    earliest = max(0, match.start() - MAX_OPENING)
    begin = max(earliest, text.rfind("\n", earliest, match.start()) + 1)
    is_line = begin == 0 or text[begin - 1] == "\n"
    if not is_line or not LINE_OPENING.fullmatch(text, begin, match.start()):
        return Rank.SENTENCE
    link = LINK.search(text, match.end("cue"), match.start(group))
    return Rank.LINE if link or LINE_BEHIND.match(text, match.end(group)) else Rank.SENTENCE


def _is_taken_back(text: str, end: int, patterns: Patterns) -> bool:
    """A negation after "B is right", if it is not about another letter; a comma ends it unless the verb is last."""
    stop = end + 12
    if not patterns.verb_final and (comma := CLAUSE_END.search(text, end, stop)):
        stop = comma.start()
    found = patterns.negation.search(text, end, stop)
    if not found:
        return False
    if patterns.verb_final:
        return not LONE_LETTER.search(text, end, found.start())
    return not patterns.next_option.match(text, found.end())


def _is_spoilt(text: str, match: regex.Match[str], patterns: Patterns, letters: tuple[str, ...]) -> bool:
    """One of a list of letters, or the article A rather than the letter."""
    end = match.end("letter")
    listed = LETTER_LIST.match(text, end)
    if listed and listed.group("next") in letters and not patterns.negation.search(text, end, end + 16):
        return True
    below = OPTION_BELOW.match(text, end)
    if below and "\n" in text[match.end("cue") : match.start("letter")]:
        return ord(below.group("next")) == ord(match.group("letter")) + 1
    after_colon = regex.search(r"[:\n][\s*_]*$", text[match.start() : match.start("letter")])
    return match.group("letter") == "A" and bool(after_colon) and bool(ARTICLE_A.match(text, end))
