"""The patterns of one language, built from [answer] and [lexicon] of its file."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

import regex

from benchmark.answers.letters import LETTER, LOOK_ALIKES
from benchmark.normalise import fold
from languages import Language, load

# What may stand between a cue and its letter without being a word.
PUNCTUATION = r"[^\p{L}\p{N}\n]{0,16}"
AFTER_CUE = r"[^\p{L}\p{N}]{0,16}"
FILLER = r"(?P<filler>(?:[\p{L}\p{M}'’]{1,14}[ ,:*]{1,4}){0,3}?|[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}]{0,6}?)"
# What may open a letter after other words: "therefore (D)".
OPENING = r"[(\[“\"*]{0,3}"
# Letters that, right after a cue, make it a longer word of a language that does not add endings there.
OWN_SCRIPT = {"Latn": r"\p{Latin}", "Cyrl": r"\p{Cyrillic}", "Arab": r"\p{Arabic}"}
WITHOUT_WORD_BOUNDS = ("Hans", "Jpan", "Kore")
# Scripts of languages that put the verb, and so the negation, behind what it is about: "B not-is, C is".
VERB_FINAL = ("Jpan", "Kore", "Telu", "Beng")
# In [answer], a cue that ends with this opens a correction of what was said before, and one of
# cues_after that starts with it says that the letter before is what somebody else holds.
NOTHING = r"(?!)"


@dataclass(frozen=True)
class Patterns:
    """What finds and judges the statements of one language."""

    before: regex.Pattern[str]
    after: regex.Pattern[str]
    small: regex.Pattern[str]
    native: regex.Pattern[str] | None
    option_text: regex.Pattern[str]
    option_line: regex.Pattern[str]
    negation: regex.Pattern[str]
    denied_before: regex.Pattern[str]
    denied_after: regex.Pattern[str]
    next_option: regex.Pattern[str]
    source: regex.Pattern[str]
    attributed: regex.Pattern[str]
    reported: regex.Pattern[str] | None
    revision: regex.Pattern[str] | None
    refusal: regex.Pattern[str] | None
    copula: regex.Pattern[str] | None
    option_words: tuple[str, ...]
    native_letters: dict[str, str]
    verb_final: bool

    def noun_end(self, text: str, match: regex.Match[str]) -> int | None:
        """Where the word "answer" starts that the cue ends with; None where it ends with a verb."""
        end = match.end("cue")
        said = text[max(0, end - 24) : end].casefold()
        lengths = [len(word) for word in self.option_words if said.endswith(word)]
        return end - max(lengths) if lengths else None


@cache
def patterns_of(code: str) -> Patterns:
    """The patterns of a language, built once."""
    language = load(code)
    answer, lexicon, script = language.answer, language.lexicon, language.language.script
    spaced = script not in WITHOUT_WORD_BOUNDS
    prefix = f"(?:{_alternatives(language.language.joined_prefixes)})?" if language.language.joined_prefixes else ""
    start = rf"(?<![\p{{L}}\p{{M}}]){prefix}" if spaced else ""
    cue = rf"{start}(?P<cue>(?i:{_alternatives(answer.cues)}))(?![{OWN_SCRIPT.get(script, '')}\p{{M}}])"
    option_words = f"(?i:{_alternatives(answer.option_words)})"
    option_word = rf"(?:{option_words}{PUNCTUATION})?"
    letter = LETTER.replace("[A-J]", rf"[A-J]|[{''.join(LOOK_ALIKES)}](?=[^\p{{L}}\p{{N}}\s]|\s*$|\s*\n)")
    negation = f"(?i:{_alternatives(answer.negations)})"
    if spaced:
        negation = rf"(?<![\p{{L}}\p{{M}}]){negation}(?![\p{{L}}\p{{M}}])"
    who = f"(?i:{_alternatives((*lexicon.experts, *lexicon.sources))})"
    says = f"(?i:{_alternatives(lexicon.pointing)})"
    native: dict[str, str] = {fold(sign): latin for latin, signs in answer.native_letters.items() for sign in signs}
    return Patterns(
        before=_compile(rf"{cue}{AFTER_CUE}{prefix}{FILLER}{option_word}{OPENING}{prefix}{letter}"),
        after=_compile(
            rf"(?:{option_words}{PUNCTUATION})?{LETTER}[^\p{{L}}\p{{N}}\n]{{0,4}}"
            rf"(?:[\p{{L}}\p{{N}}]{{1,12}}\)?[ ])?(?i:{_alternatives(answer.cues_after)})"
            r"(?![\p{Latin}\p{Cyrillic}])"
            if answer.cues_after
            else rf"{NOTHING}(?P<letter>)"
        ),
        small=_compile(
            rf"{cue}(?:\s*[:：(]{PUNCTUATION}|[ ](?:\p{{L}}{{1,4}}[ ])?\(?)(?P<letter>[a-dас])"
            r"(?:[ ]*\n|[)][^\p{L}]*(?:\n|$)|[.]?\s*$)"
        ),
        native=_native_pattern(language, cue, option_word, native),
        option_text=_compile(rf"{cue}(?P<link>[\s*_]*(?::|[—–-](?=[ ]))?[\s*_]*)(?=[^\n])"),
        option_line=_compile(rf"^[^\p{{L}}\p{{N}}]*{option_words}{PUNCTUATION}{LETTER}[^\p{{L}}\p{{N}}]*$"),
        negation=_compile(negation),
        denied_before=_compile(rf"(?:{negation})[^\S\n]{{0,2}}(?:\p{{L}}{{1,5}}[^\S\n])?$"),
        denied_after=_compile(_denied_after(negation, spaced)),
        next_option=_compile(rf"[\s(“\"«*]{{0,3}}(?:{option_words}[\s(“\"«*]{{0,3}})?[A-J](?![\p{{Latin}}\p{{N}}])"),
        source=_compile(who),
        attributed=_compile(rf"{who}.{{0,60}}{says}|{says}.{{0,40}}{who}"),
        reported=_compile(rf"[^\n.!?。！？।,،、;A-J]{{0,24}}?(?:{_alternatives(answer.reports)})")
        if answer.reports
        else None,
        revision=_revision(answer.revisions, spaced),
        refusal=_compile(rf"(?i:{_alternatives(answer.refusals)})") if answer.refusals else None,
        copula=_compile(rf"\s?(?:{_alternatives(answer.copulas)})") if answer.copulas else None,
        option_words=tuple(fold(word).casefold() for word in answer.option_words),
        native_letters=native,
        verb_final=script in VERB_FINAL,
    )


def _denied_after(negation: str, spaced: bool) -> str:
    """A negation behind the letter, one word or particle between at most."""
    between = r"(?:[-–]?[^\W\d_A-J][\p{L}\p{M}'’]{0,13}[ ])?" if spaced else r"[\p{Hiragana}\p{Hangul}]{0,3}[ ]?"
    return rf"[ *)»”\"]{{0,3}}{between}{negation}"


def _revision(revisions: tuple[str, ...], spaced: bool) -> regex.Pattern[str] | None:
    if not revisions:
        return None
    pattern = f"(?i:{_alternatives(revisions)})"
    return _compile(rf"(?<![\p{{L}}\p{{M}}]){pattern}(?![\p{{L}}\p{{M}}])" if spaced else pattern)


def _native_pattern(
    language: Language, cue: str, option_word: str, native: dict[str, str]
) -> regex.Pattern[str] | None:
    if not native:
        return None
    # A native sign is a letter of ordinary words too: nothing but the cue before, no letter after.
    tail = r"(?![\p{L}\p{M}\p{N}])"
    if language.answer.copulas:
        tail = rf"(?:{tail}|(?=(?:{_alternatives(language.answer.copulas)})(?![\p{{L}}\p{{N}}])))"
    signs = "|".join(regex.escape(sign) for sign in sorted(native, key=len, reverse=True))
    return _compile(rf"{cue}{AFTER_CUE}{option_word}(?P<native>{signs}){tail}")


def _compile(pattern: str) -> regex.Pattern[str]:
    return regex.compile(pattern, flags=regex.VERSION1)


def _alternatives(texts: Iterable[str]) -> str:
    folded = sorted({fold(text) for text in texts}, key=len, reverse=True)
    return "|".join(_escape(text) for text in folded)


def _escape(text: str) -> str:
    escaped = regex.escape(text).replace(r"\ ", r"\s+").replace(" ", r"\s+")
    return str(escaped.replace("’", "'").replace(r"\'", "'").replace("'", "['’]"))
