"""An answer given as the text of an option: "Answer: 45", "So it is Rome", a box with 45 in it."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from functools import cached_property

import regex

from benchmark.answers.candidates import Candidate, Rank
from benchmark.answers.context import is_quoted
from benchmark.answers.patterns import Patterns
from benchmark.normalise import fold

DIGIT = regex.compile(r"[^\P{Nd}0-9]")
# A minus sign belongs to its number; other signs around a text do not belong to it.
EDGES = regex.compile(r"^(?:(?![-−]\p{N})[\W_])+|[\W_]+$")
BOX = regex.compile(r"\\(?:boxed|fbox)\s*\{(?P<said>(?:[^{}\n]|\{[^{}\n]{0,80}\}){1,120})\}")
LATEX_TEXT = regex.compile(r"\\(?:text|textbf|mathrm|mathbf)\s*\{([^{}]*)\}")
# What ends the text of an option inside a sentence; a comma or a point inside a number does not.
TEXT_END = regex.compile(r"[*_)\]»”\"'’$]{0,4}(?:\s*$|[.,;!。、؛।،](?!\p{N})|\s+[—–-]\s|\s+\()")
LIST_GAP = regex.compile(r"\s*[,;/|、،]\s*")
MAX_SAID = 121


class OptionTexts:
    """The options of one question, to be recognised by their texts."""

    def __init__(self, options: tuple[str, ...], letters: tuple[str, ...]) -> None:
        self.options = options
        self.letters = letters

    @cached_property
    def by_text(self) -> dict[str, str]:
        """Text to letter; two options that read the same are told apart by neither."""
        texts = [plain(option) for option in self.options]
        pairs = zip(texts, self.letters, strict=False)
        return {text: letter for text, letter in pairs if text and texts.count(text) == 1}

    @cached_property
    def by_length(self) -> list[str]:
        """The texts, longest first: "45" is looked for before "4"."""
        return sorted(self.by_text, key=len, reverse=True)

    @cached_property
    def digits_are_letters(self) -> bool:
        """Whether "3" can only mean the third option."""
        return bool(self.options) and not any(regex.search(r"\p{N}", option) for option in self.options)

    def read_number(self, said: str) -> str | None:
        """The letter of the option with this number."""
        digit = regex.fullmatch(r"\W*(\d)\W*", said) if self.digits_are_letters else None
        number = int(digit.group(1)) if digit else 0
        return self.letters[number - 1] if 1 <= number <= len(self.letters) else None

    def read_opening(self, said: str, copula: regex.Pattern[str] | None) -> str | None:
        """The option whose text `said` opens with, to the end of a clause: never a part of a longer word or number."""
        for text in self.by_length:
            if not said.startswith(text):
                continue
            end = len(text)
            after = copula.match(said, end) if copula else None
            ends = {end, after.end()} if after else {end}
            if self._is_listed(said, end) or not any(TEXT_END.match(said, at) for at in ends):
                return None
            return self.by_text[text]
        return None

    def _is_listed(self, said: str, end: int) -> bool:
        """Whether another option's text comes next: "12, 13, 11, 14" names all of them and so none."""
        gap = LIST_GAP.match(said, end)
        return gap is not None and any(said.startswith(text, gap.end()) for text in self.by_length)


def find_option_texts(text: str, patterns: Patterns, texts: OptionTexts, cut_off: bool) -> Iterator[Candidate]:
    """Option texts after a cue; without a colon only where the text ends with a clause."""
    if not texts.options:
        return
    end = len(text.rstrip())
    for match in patterns.option_text.finditer(text):
        at = match.end()
        said = text[at : at + MAX_SAID].partition("\n")[0]
        if cut_off and at + len(said) >= end:
            continue
        colon = ":" in match.group("link")
        letter = None
        if colon:
            whole = plain(said)
            letter = texts.by_text.get(whole) or texts.read_number(whole)
        if not letter:
            letter = texts.read_opening(_open_plain(said), patterns.copula)
        if letter and not is_quoted(text, match.start(), at, patterns, match.end("cue")):
            yield Candidate(at, match.start(), letter, Rank.LINE if colon else Rank.SENTENCE)


def find_boxed_texts(text: str, texts: OptionTexts) -> Iterator[Candidate]:
    """A box that holds exactly the text of one option."""
    if not texts.options:
        return
    for match in BOX.finditer(text):
        letter = texts.by_text.get(plain(LATEX_TEXT.sub(r"\1", match.group("said"))))
        if letter:
            yield Candidate(match.start("said"), match.start(), letter, Rank.LINE)


def plain(text: str) -> str:
    """A text as it is compared: no signs around it, no capitals, digits of any script as 0–9."""
    return str(EDGES.sub("", _fold_digits(fold(text)))).casefold()


def _open_plain(text: str) -> str:
    """Like `plain`, with the signs behind it left."""
    return _fold_digits(fold(text)).lstrip(" \t*_$\"“«'‘(").casefold()


def _fold_digits(text: str) -> str:
    if text.isascii():
        return text
    return str(DIGIT.sub(lambda match: str(unicodedata.decimal(match.group())), text))
