"""In which language a reasoning is written: by script where that decides, else by langdetect."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from functools import cache

import regex
from langdetect import PROFILES_DIRECTORY, DetectorFactory
from langdetect.lang_detect_exception import LangDetectException
from langdetect.utils.ngram import NGram

from languages import available, load

DetectorFactory.seed = 0  # its draws differ from call to call otherwise

MIN_LETTERS = 20
SAMPLE = 300
SURE = 0.8
# By how much (natural logarithm of the likelihood, over all letter groups) another language must fit better than the
# one asked for. langdetect draws groups again and again, so that it is as sure of five words as of fifty.
# Measured on 2,000 single sentences: of the asked language's own all but one lie within 10 where the guess is one of
# the languages here, all within 36 where it is none of them; of 16 others in nine strange languages the nearest, of
# 60 letters (Portuguese where Spanish was asked), lies 56 away.
DOUBT, DOUBT_OF_STRANGERS = 10, 40
# Stands for what a profile has not seen.
UNSEEN = 5e-5
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
# One sign of these says as much as some three letters do, and a long Latin name or term among
# them is still one word: letter by letter, a few names would outweigh the sentence that they stand in.
DENSE, LETTERS_IN_SIGN = ("Hans", "Kana", "Kore"), 3
LATIN_WORD, LETTERS_IN_WORD = regex.compile(r"\p{Latin}+"), 5
# Kana among Han makes Japanese, however little of it.
KANA_SHARE = 0.05


def detect_language(text: str, prompt_language: str) -> str:
    """Code of the language of `text`.

    "und" under 20 letters; "xx-Latn" for Latin-script text that is no language
    with a file here, where the prompt's language has another script. Among languages
    of Latin script the prompt's own has the benefit of the doubt.
    """
    cleaned = NOISE.sub(" ", text[: SAMPLE * 8])
    counts = Counter({script: len(pattern.findall(cleaned)) for script, pattern in SCRIPTS.items()})
    if counts.total() < MIN_LETTERS:
        return "und"
    script = _find_main_script(cleaned, counts)
    owners = _languages_by_script().get(script, ())
    if script != "Latn":
        # Several languages may share a script; the prompt's own is the likely one.
        if prompt_language in owners:
            return prompt_language
        return owners[0] if owners else "und"
    return _detect_latin(" ".join(cleaned.split())[:SAMPLE], prompt_language)


def _find_main_script(text: str, counts: Counter[str]) -> str:
    weights, han = dict(counts), counts["Hans"] + counts["Kana"]
    if any(weights[script] for script in DENSE):
        weights["Latn"] = sum(min(len(word), LETTERS_IN_WORD) for word in LATIN_WORD.findall(text))
        weights.update(Hans=han * LETTERS_IN_SIGN, Kana=0, Kore=counts["Kore"] * LETTERS_IN_SIGN)
    script = max(weights, key=lambda script: weights[script])
    if script != "Hans":
        return script
    return "Jpan" if counts["Kana"] >= KANA_SHARE * han else "Hans"


def _detect_latin(sample: str, prompt_language: str) -> str:
    detector = _load_profiles().create()
    detector.append(sample)
    try:
        guesses = detector.get_probabilities()
    except LangDetectException:
        guesses = []
    if not guesses:
        return "und"
    best = guesses[0]
    code = _codes_by_langdetect().get(best.lang)
    if code == prompt_language:
        return code
    asked = load(prompt_language).language
    if asked.script == "Latn":
        fits = _weigh(detector.text, (best.lang, *asked.langdetect))
        lead = fits[best.lang] - max(fits[name] for name in asked.langdetect)
        if lead < (DOUBT if code else DOUBT_OF_STRANGERS):
            return prompt_language
    if code and best.prob >= SURE:
        return code
    if asked.script != "Latn":
        return f"{prompt_language}-Latn"
    is_likely = prompt_language in {_codes_by_langdetect().get(guess.lang) for guess in guesses}
    return prompt_language if is_likely else code or str(best.lang)


def _weigh(text: str, names: tuple[str, ...]) -> dict[str, float]:
    """How well a text fits each language by langdetect's name: the logarithm of its likelihood."""
    profiles = _load_profiles()
    places = {name: profiles.langlist.index(name) for name in names}
    seen = [chances for group in _list_groups(text) if (chances := profiles.word_lang_prob_map.get(group))]
    return {name: sum(math.log(UNSEEN + chances[place]) for chances in seen) for name, place in places.items()}


def _list_groups(text: str) -> Iterator[str]:
    """The groups of one to three letters that langdetect's profiles count."""
    groups = NGram()
    for character in text:
        groups.add_char(character)
        # Words in capitals are mostly abbreviations.
        if not groups.capitalword:
            yield from (group for length in range(1, NGram.N_GRAM + 1) if (group := groups.get(length)))


@cache
def _load_profiles() -> DetectorFactory:
    factory = DetectorFactory()
    factory.load_profile(PROFILES_DIRECTORY)
    return factory


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
