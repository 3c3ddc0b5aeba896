"""A letter at the very end of a reply, alone or as the last word of its last sentence."""

from __future__ import annotations

from collections.abc import Iterator

import regex

from benchmark.answers.candidates import Candidate, Rank
from benchmark.answers.context import is_quoted
from benchmark.answers.letters import LETTER, SENTENCE_END, find_letters, read_letter
from benchmark.answers.option_texts import plain
from benchmark.answers.patterns import Patterns

BARE_LETTER = regex.compile(rf"^[^\p{{L}}\p{{N}}]*{LETTER}(?:[^\p{{L}}\p{{N}}]*$|\s*[).:\]}}*]+(?=\s|\*|$).*$)")
LAST_WINDOW = 300


def find_endings(
    text: str, known: list[Patterns], letters: tuple[str, ...], options: tuple[str, ...]
) -> Iterator[Candidate]:
    """ "D", "(D) 45", "Option D" as the last line; "… so it has to be (D).".

    Whether the last letter is denied or somebody else's, any of the known languages may say.
    """
    stripped = text.rstrip()
    start = stripped.rfind("\n") + 1
    line = stripped[start:]
    yield from _closing_letter(stripped, known, letters)
    for pattern in (BARE_LETTER, *(patterns.option_line for patterns in known)):
        match = pattern.match(line)
        letter = match and read_letter(match.group("letter"), letters)
        if not match or not letter:
            continue
        rest = plain(line[match.end("letter") :])
        # A list of all the options ends in "D) …" too, and decides nothing.
        listed = BARE_LETTER.match(stripped[:start].rstrip().rpartition("\n")[2])
        own = options[letters.index(letter)] if options else None
        if listed and rest:
            continue
        if not rest or own is None or rest == plain(own):
            yield Candidate(start + match.start("letter"), start, letter, Rank.LINE)


def _closing_letter(stripped: str, known: list[Patterns], letters: tuple[str, ...]) -> Iterator[Candidate]:
    """A last sentence whose very last word is the only letter in it."""
    earliest = max(0, len(stripped) - LAST_WINDOW)
    ends = [match.end() for match in SENTENCE_END.finditer(stripped, earliest, len(stripped) - 1)]
    start = ends[-1] if ends else earliest
    found = find_letters(stripped, start, len(stripped), letters)
    if len(found) != 1 or not regex.fullmatch(r"[^\p{L}\p{N}?？؟]*", stripped[found[0].end() :]):
        return
    at = found[0].start()
    letter = found[0].group("letter")
    if not any(
        patterns.negation.search(stripped, start, at) or is_quoted(stripped, at, at, patterns) for patterns in known
    ):
        # "The slip reads: B" has no cue, and counts only where nothing else does.
        about_source = any(patterns.source.search(stripped, start, at) for patterns in known)
        yield Candidate(at, start, letter, Rank.MENTION if about_source else Rank.SENTENCE)
