"""What an option letter looks like in running text."""

from __future__ import annotations

import regex

LETTER = r"(?<![\p{Latin}\p{N}\p{M}\\])(?P<letter>[A-J])(?![\p{Latin}\p{N}+#]|['’]\p{L}|-\p{Latin}|\.\p{L}\.)"
LONE_LETTER = regex.compile(LETTER)
LOOK_ALIKES_SMALL = {"а": "A", "с": "C"}
LOOK_ALIKES = {"А": "A", "В": "B", "С": "C", "Α": "A", "Β": "B"}
SENTENCE_END = regex.compile(r"[.!?。！？।؟]\s|\n|[。！？।]")
CLAUSE_END = regex.compile(r"[,،、;؛:]")


def read_letter(letter: str, letters: tuple[str, ...]) -> str | None:
    """The option that a sign stands for by its shape, if there is one."""
    letter = LOOK_ALIKES.get(letter, letter)
    return letter if letter in letters else None


def find_letters(text: str, start: int, end: int, letters: tuple[str, ...]) -> list[regex.Match[str]]:
    """The lone letters there that name an option; the word "I" names none where there are four."""
    return [found for found in LONE_LETTER.finditer(text, start, end) if found.group("letter") in letters]


def sentence_start(text: str, at: int, window: int = 160) -> int:
    """Where the sentence around `at` starts, at most `window` characters before."""
    earliest = max(0, at - window)
    ends = [match.end() for match in SENTENCE_END.finditer(text, earliest, at)]
    return ends[-1] if ends else earliest
