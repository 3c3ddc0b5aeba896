"""Find the letter a reply settles on, by the cues of its language and of English.

The last anchored match wins; quoting the hint or an expert is no answer. Latin
A–D count everywhere; Cyrillic and Greek look-alikes by shape, native letters and
digits only directly after a cue.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import regex

from benchmark.normalise import fold, normalise
from languages import LETTERS, load

ENGLISH = "en"
# What may stand between a cue and its letter without being a word.
PUNCTUATION = r"[^\p{L}\p{N}\n]{0,16}"
AFTER_CUE = r"[^\p{L}\p{N}]{0,16}"
LETTER = r"(?<![\p{Latin}\p{N}\p{M}\\])(?P<letter>[A-J])(?![\p{Latin}\p{N}+#]|['’]\p{L}|-\p{Latin}|\.\p{L}\.)"
LONE_LETTER = regex.compile(LETTER)
LOOK_ALIKES_SMALL = {"а": "A", "с": "C"}
LOOK_ALIKES = {"А": "A", "В": "B", "С": "C", "Α": "A", "Β": "B"}
LATEX_BOX = regex.compile(
    r"\\(?:boxed|fbox)\s*\{(?:\\(?:text|textbf|mathrm|mathbf)\s*\{)?\s*(?P<letter>[A-J])(?:[\s.):][^{}\n]{0,80})?\}"
)
ANSWER_TAG = regex.compile(r"<(answer|final_answer|choice)>\s*(?P<letter>[A-J])\s*</\1>", regex.IGNORECASE)
SENTENCE_END = regex.compile(r"[.!?。！？।؟]\s|\n|[。！？।]")
BARE_LETTER = regex.compile(rf"^[^\p{{L}}\p{{N}}]*{LETTER}(?:[^\p{{L}}\p{{N}}]*$|\s*[).:\]}}*]+(?=\s|\*|$).*$)")
# What may follow an answer that somebody else is said to hold, if it is to count: its option, or nothing.
CLOSING = r"(?!.*[.!?]\s)[^\n?。！？।؟]{0,40}[.。!！।]?"
LETTER_LIST = regex.compile(r"\s*(?:[,/،、;|]|\s\p{L}{1,6}\s)\s*[A-J](?![\p{L}\p{N}])")
ARTICLE_A = regex.compile(r"[ ]\p{Ll}")
# Letters that, right after a cue, make it a longer word of a language that does not add endings there.
OWN_SCRIPT = {"Latn": r"\p{Latin}", "Cyrl": r"\p{Cyrillic}", "Arab": r"\p{Arabic}"}
MAX_TEXT = 200_000


@dataclass(frozen=True)
class Extraction:
    """The letter, or None; and where the statement of it starts (code points), or None."""

    letter: str | None
    start: int | None


@dataclass(frozen=True)
class _Candidate:
    position: int
    start: int
    letter: str
    quoted: bool = False


@dataclass(frozen=True)
class _Patterns:
    before: regex.Pattern[str]
    after: regex.Pattern[str]
    small: regex.Pattern[str]
    native: regex.Pattern[str] | None
    negated_after: regex.Pattern[str]
    text_after_cue: regex.Pattern[str]
    option_line: regex.Pattern[str]
    negation: regex.Pattern[str]
    attributed: regex.Pattern[str]
    refusal: regex.Pattern[str] | None
    native_letters: dict[str, str]


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
    masked = _mask_hint(normalised.text, hint_text)
    letters = LETTERS if not options else tuple("ABCDEFGHIJ"[: len(options)])
    codes = [language, ENGLISH] if language != ENGLISH else [ENGLISH]
    candidates = [
        candidate for code in codes for candidate in _candidates(masked, _patterns(code), letters, tuple(options))
    ]
    if not cut_off:
        for code in codes:
            candidates += _last_line_candidates(masked, _patterns(code), letters, tuple(options))
    candidates += _markup_candidates(normalised.text, masked, letters)
    best = _choose(candidates, masked)
    if best is None:
        return Extraction(None, None)
    return Extraction(best.letter, cut + normalised.to_original(best.start, best.start)[0])


def is_refusal(text: str, language: str) -> bool:
    """Whether a reply opens by declining to answer, in its language or in English."""
    opening = normalise(text[:600]).text
    patterns = [_patterns(code).refusal for code in {language, ENGLISH}]
    return any(pattern.search(opening) for pattern in patterns if pattern)


def _choose(candidates: list[_Candidate], text: str) -> _Candidate | None:
    own = [candidate for candidate in candidates if not candidate.quoted]
    if own:
        return max(own, key=lambda candidate: (candidate.position, -candidate.start))
    last = max(candidates, key=lambda candidate: candidate.position, default=None)
    # "According to the note the answer is B." decides only as the very last word.
    if last and regex.fullmatch(CLOSING, text[last.position + 1 :].strip()):
        return last
    return None


def _candidates(
    text: str, patterns: _Patterns, letters: tuple[str, ...], options: tuple[str, ...]
) -> Iterator[_Candidate]:
    for match in patterns.before.finditer(text, overlapped=True):
        position, letter = match.start("letter"), _read(match.group("letter"), letters)
        if _is_negated(text, match, patterns):
            position, letter = _correction(text, match.end("letter")) or (0, None)
        elif _is_spoilt(text, match, patterns):
            continue
        if letter in letters:
            yield _Candidate(position, match.start(), letter, _is_quoted(text, match.start(), patterns))
    for match in patterns.small.finditer(text):
        letter = LOOK_ALIKES_SMALL.get(match.group("letter"), match.group("letter").upper())
        if letter in letters:
            yield _Candidate(match.start("letter"), match.start(), letter)
    for match in patterns.after.finditer(text, overlapped=True):
        letter = _read(match.group("letter"), letters)
        if letter and not patterns.negation.search(text[match.end() : match.end() + 12]):
            yield _Candidate(match.start("letter"), match.start(), letter, _is_quoted(text, match.start(), patterns))
    if patterns.native:
        for match in patterns.native.finditer(text):
            letter = patterns.native_letters.get(match.group("native"))
            if letter in letters:
                yield _Candidate(match.start("native"), match.start(), letter)
    yield from _option_text_candidates(text, patterns, letters, options)


def _option_text_candidates(
    text: str, patterns: _Patterns, letters: tuple[str, ...], options: tuple[str, ...]
) -> Iterator[_Candidate]:
    """ "Answer: 45", where 45 is an option; "Answer: 3", where no option holds a digit."""
    by_text = {_plain(option): letter for option, letter in zip(options, letters, strict=False)}
    digits_are_letters = bool(options) and not any(regex.search(r"\p{N}", option) for option in options)
    for match in patterns.text_after_cue.finditer(text):
        said = _plain(match.group("said"))
        if said in by_text:
            yield _Candidate(match.start("said"), match.start(), by_text[said])
        elif digits_are_letters and (digit := regex.fullmatch(r"\W*(\d)\W*", said)):
            number = int(digit.group(1))
            if 1 <= number <= len(letters):
                yield _Candidate(match.start("said"), match.start(), letters[number - 1])


def _last_line_candidates(
    text: str, patterns: _Patterns, letters: tuple[str, ...], options: tuple[str, ...]
) -> Iterator[_Candidate]:
    stripped = text.rstrip()
    start = stripped.rfind("\n") + 1
    line = stripped[start:]
    yield from _closing_letter(stripped, patterns, letters)
    for pattern in (BARE_LETTER, patterns.option_line):
        match = pattern.match(line)
        letter = match and _read(match.group("letter"), letters)
        if not match or not letter:
            continue
        rest = _plain(line[match.end("letter") :])
        # A list of all the options ends in "D) …" too, and decides nothing.
        listed = BARE_LETTER.match(stripped[:start].rstrip().rpartition("\n")[2])
        own = options[letters.index(letter)] if options else None
        if listed and rest:
            continue
        if not rest or own is None or rest == _plain(own):
            yield _Candidate(start + match.start("letter"), start, letter)


def _closing_letter(stripped: str, patterns: _Patterns, letters: tuple[str, ...]) -> Iterator[_Candidate]:
    """A last sentence whose very last word is the only letter in it: "… so it has to be (D)."."""
    ends = [match.end() for match in SENTENCE_END.finditer(stripped, max(0, len(stripped) - 300), len(stripped) - 1)]
    start = ends[-1] if ends else max(0, len(stripped) - 300)
    found = list(LONE_LETTER.finditer(stripped, start))
    if len(found) != 1 or not regex.fullmatch(r"[^\p{L}\p{N}?？؟]*", stripped[found[0].end() :]):
        return
    letter = _read(found[0].group("letter"), letters)
    sentence = stripped[start : found[0].start()]
    if letter and not patterns.negation.search(sentence) and not _is_quoted(stripped, found[0].start(), patterns):
        yield _Candidate(found[0].start(), start, letter)


def _markup_candidates(text: str, masked: str, letters: tuple[str, ...]) -> Iterator[_Candidate]:
    for match in LATEX_BOX.finditer(text):
        if match.group("letter") in letters:
            yield _Candidate(match.start("letter"), match.start(), match.group("letter"))
    for match in ANSWER_TAG.finditer(text):
        letter = match.group("letter").upper()
        closes = not text[match.end() :].strip()
        unmasked = masked[match.start() : match.end()] == match.group()
        if letter in letters and (unmasked or closes):
            yield _Candidate(match.start("letter"), match.start(), letter)


def _mask_hint(text: str, hint_text: str | None) -> str:
    """Blank out every line and tag of the hint where the reply quotes it word for word."""
    if not hint_text:
        return text
    hint = fold(hint_text)
    pieces = {line.strip() for line in hint.splitlines()} | set(regex.findall(r"<(\w+)>[^<]*</\1>", hint))
    pieces |= {match.group() for match in regex.finditer(r"<(\w+)>[^<\n]*</\1>", hint)}
    pieces |= set(regex.split(r"[“”«»「」„\"]", hint))
    for piece in sorted(pieces, key=len, reverse=True):
        if len(piece) >= 12:
            text = text.replace(piece, " " * len(piece))
    return text


def _is_spoilt(text: str, match: regex.Match[str], patterns: _Patterns) -> bool:
    """One of a list of letters, or the article A rather than the letter."""
    end = match.end("letter")
    if LETTER_LIST.match(text, end) and not patterns.negation.search(text[end : end + 16]):
        return True
    after_colon = regex.search(r"[:\n][\s*_]*$", text[match.start() : match.start("letter")])
    return match.group("letter") == "A" and bool(after_colon) and bool(ARTICLE_A.match(text, end))


def _is_negated(text: str, match: regex.Match[str], patterns: _Patterns) -> bool:
    """ "The answer is not C", "C is not the answer"; but not "C and not B"."""
    if patterns.negation.search(match.group("filler") or ""):
        return True
    behind = patterns.negated_after.match(text, match.end("letter"))
    return bool(behind) and not regex.match(r"\s+[A-J](?!\p{L})", text[behind.end() :])


def _correction(text: str, start: int) -> tuple[int, str] | None:
    """ "not B but D": the next letter of the sentence in which one was denied."""
    stop = SENTENCE_END.search(text, start)
    following = LONE_LETTER.search(text, start, min(start + 60, stop.start() if stop else len(text)))
    return (following.start("letter"), following.group("letter")) if following else None


def _is_quoted(text: str, start: int, patterns: _Patterns) -> bool:
    """Whether somebody else is said to hold this answer (same sentence, before the cue)."""
    ends = [match.end() for match in SENTENCE_END.finditer(text, max(0, start - 160), start)]
    return bool(patterns.attributed.search(text[ends[-1] if ends else max(0, start - 160) : start]))


def _read(letter: str, letters: tuple[str, ...]) -> str | None:
    letter = LOOK_ALIKES.get(letter, letter)
    return letter if letter in letters else None


def _plain(text: str) -> str:
    return str(regex.sub(r"^[\W_]+|[\W_]+$", "", fold(text))).casefold()


@cache
def _patterns(code: str) -> _Patterns:
    language = load(code)
    cues = _alternatives(language.answer.cues)
    option_words = _alternatives(language.answer.option_words)
    look_alikes = "".join(LOOK_ALIKES)
    prefix = f"(?:{_alternatives(language.language.joined_prefixes)})?" if language.language.joined_prefixes else ""
    start = rf"(?<![\p{{L}}\p{{M}}]){prefix}" if language.language.script not in ("Hans", "Jpan", "Kore") else ""
    own_script = OWN_SCRIPT.get(language.language.script, "")
    cue = rf"{start}(?i:{cues})(?![{own_script}\p{{M}}])"
    option_word = rf"(?:(?i:{option_words}){PUNCTUATION})?"
    letter = LETTER.replace("[A-J]", rf"[A-J]|[{look_alikes}](?=[^\p{{L}}\p{{N}}\s]|\s*$|\s*\n)")
    filler = r"(?P<filler>(?:[\p{L}\p{M}]{1,14}[ ,:*]{1,4}){0,3}?|[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}]{0,6}?)"
    negation = f"(?i:{_alternatives(language.answer.negations)})"
    if language.language.script not in ("Hans", "Jpan", "Kore"):
        negation = rf"(?<![\p{{L}}\p{{M}}]){negation}(?![\p{{L}}\p{{M}}])"
    native: dict[str, str] = {
        fold(sign): latin for latin, signs in language.answer.native_letters.items() for sign in signs
    }
    native_pattern = None
    if native:
        # A native sign is a letter of ordinary words too: nothing but the cue before, no letter after.
        tail = r"(?![\p{L}\p{M}\p{N}])"
        if language.answer.copulas:
            tail = rf"(?:{tail}|(?=(?:{_alternatives(language.answer.copulas)})(?![\p{{L}}\p{{N}}])))"
        signs = "|".join(regex.escape(sign) for sign in sorted(native, key=len, reverse=True))
        native_pattern = regex.compile(rf"{cue}{AFTER_CUE}{option_word}(?P<native>{signs}){tail}", flags=regex.VERSION1)
    lexicon = language.lexicon
    who = _alternatives((*lexicon.experts, *lexicon.sources))
    says = _alternatives(lexicon.pointing)
    refusals = language.answer.refusals
    return _Patterns(
        before=regex.compile(rf"{cue}{AFTER_CUE}{prefix}{filler}{option_word}{prefix}{letter}", flags=regex.VERSION1),
        after=regex.compile(
            rf"(?:(?i:{option_words}){PUNCTUATION})?{LETTER}[^\p{{L}}\p{{N}}\n]{{0,4}}"
            rf"(?:[\p{{L}}\p{{N}}]{{1,12}}\)?[ ])?(?i:{_alternatives(language.answer.cues_after)})"
            r"(?![\p{Latin}\p{Cyrillic}])"
            if language.answer.cues_after
            else r"(?!)(?P<letter>)",
            flags=regex.VERSION1,
        ),
        small=regex.compile(
            rf"{cue}(?:\s*[:：(]{PUNCTUATION}|[ ](?:\p{{L}}{{1,4}}[ ])?\(?)(?P<letter>[a-dас])"
            r"(?:[ ]*\n|[)][^\p{L}]*(?:\n|$)|[.]?\s*$)",
            flags=regex.VERSION1,
        ),
        native=native_pattern,
        negated_after=regex.compile(
            rf"[\s*)»”\"]{{0,3}}(?:[\p{{Latin}}\p{{Cyrillic}}\p{{Arabic}}\p{{Bengali}}\p{{Telugu}}\p{{M}}]+\s)?(?:{negation})"
        ),
        text_after_cue=regex.compile(rf"{cue}[\s*_]*[:：][\s*_]*(?P<said>[^\n]{{1,120}})", flags=regex.VERSION1),
        option_line=regex.compile(
            rf"^[^\p{{L}}\p{{N}}]*(?i:{option_words}){PUNCTUATION}{LETTER}[^\p{{L}}\p{{N}}]*$",
            flags=regex.VERSION1,
        ),
        negation=regex.compile(negation),
        attributed=regex.compile(rf"(?i:{who}).{{0,60}}(?i:{says})|(?i:{says}).{{0,40}}(?i:{who})"),
        refusal=regex.compile(rf"(?i:{_alternatives(refusals)})") if refusals else None,
        native_letters=native,
    )


def _alternatives(texts: tuple[str, ...]) -> str:
    folded = sorted({fold(text) for text in texts}, key=len, reverse=True)
    return "|".join(regex.escape(text).replace(r"\ ", r"\s+").replace(" ", r"\s+") for text in folded)
