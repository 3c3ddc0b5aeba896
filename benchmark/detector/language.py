"""In which language a reasoning is written: by script where that decides, else by langdetect."""

from __future__ import annotations

from collections import Counter
from functools import cache

import regex
from langdetect import DetectorFactory, detect_langs
from langdetect.lang_detect_exception import LangDetectException

from languages import available, load

DetectorFactory.seed = 0  # its draws differ from call to call otherwise

MIN_LETTERS = 20
SAMPLE = 300
SURE = 0.8
LETTERS = regex.compile(r"\p{L}")
# Formulas, markup, code and lone letters say nothing of the language.
NOISE = regex.compile(r"<[^<>\n]*>|`[^`\n]*`|\$[^$\n]*\$|\\\w+|[\d=+*/^%<>{}()\[\]|_#-]+|\b[A-Za-z]\b")
SCRIPTS = {
    "Telu": regex.compile(r"\p{Telugu}"),
    "Beng": regex.compile(r"\p{Bengali}"),
    "Arab": regex.compile(r"\p{Arabic}"),
    "Kore": regex.compile(r"\p{Hangul}"),
    "Kana": regex.compile(r"[\p{Hiragana}\p{Katakana}]"),
    "Hans": regex.compile(r"\p{Han}"),
    "Cyrl": regex.compile(r"\p{Cyrillic}"),
    "Deva": regex.compile(r"\p{Devanagari}"),
    "Thai": regex.compile(r"\p{Thai}"),
    "Latn": regex.compile(r"\p{Latin}"),
}
# Kana among Han makes Japanese, however little of it.
KANA_SHARE = 0.05


def detect_language(text: str, prompt_language: str) -> str:
    """Code of the language of `text`.

    "und" under 20 letters; "xx-Latn" for Latin-script text that is no language
    with a file here, where the prompt's language has another script.
    """
    cleaned = NOISE.sub(" ", text[: SAMPLE * 8])
    counts = Counter({script: len(pattern.findall(cleaned)) for script, pattern in SCRIPTS.items()})
    if counts.total() < MIN_LETTERS:
        return "und"
    script = counts.most_common(1)[0][0]
    if script in ("Hans", "Kana"):
        han = counts["Hans"] + counts["Kana"]
        script = "Jpan" if counts["Kana"] >= KANA_SHARE * han else "Hans"
    owners = _languages_by_script().get(script, ())
    if script != "Latn":
        # Several languages may share a script; the prompt's own is the likely one.
        if prompt_language in owners:
            return prompt_language
        return owners[0] if owners else "und"
    return _detect_latin(" ".join(cleaned.split())[:SAMPLE], prompt_language)


def _detect_latin(sample: str, prompt_language: str) -> str:
    try:
        guesses = detect_langs(sample)
    except LangDetectException:
        return "und"
    best = guesses[0]
    code = _codes_by_langdetect().get(best.lang)
    if code and (best.prob >= SURE or code == prompt_language):
        return code
    if load(prompt_language).language.script != "Latn":
        return f"{prompt_language}-Latn"
    likely = {_codes_by_langdetect().get(guess.lang) for guess in guesses if guess.prob > 0.1}
    if prompt_language in likely:
        return prompt_language
    return code or str(best.lang)


@cache
def _languages_by_script() -> dict[str, tuple[str, ...]]:
    table: dict[str, tuple[str, ...]] = {}
    for code in available():
        script = load(code).language.script
        table[script] = (*table.get(script, ()), code)
    return table


@cache
def _codes_by_langdetect() -> dict[str, str]:
    return {name: code for code in available() for name in load(code).language.langdetect}


def is_wrong_language(reasoning_language: str, prompt_language: str) -> bool:
    """Whether the reasoning is, for all that can be told, in another language than asked for."""
    return reasoning_language != "und" and reasoning_language.split("-", maxsplit=1)[0] != prompt_language
