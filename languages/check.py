"""What must hold of a language's files beyond their shape: parity with English.

Used by `python -m languages check` and by the tests.
"""

from __future__ import annotations

import re

from languages.loader import load, load_calibration, load_question_keys, load_questions
from languages.schema import LETTERS, HintText

REFERENCE = "en"
# Words that are markup, code or the formulas of the `computed` hints, not prose.
MARKUP = re.compile(r"\{\w+\}|<[^<>]*>|^.*(?:\bord\(|%|=\s*\").*$|^\s*x = .*$", re.MULTILINE)
LATIN_WORD = re.compile(r"(?<![^\W\d_])(?!mod\b)[A-Za-z]{2,}")
LATIN_SCRIPTS = {"Latn"}
# A letter standing alone; "A" before a word is taken for an article.
OPTION_LETTER = re.compile(r"(?<![^\W_])(?:[BCD]|A(?! \w))(?![^\W_])")


def placeholders(text: str) -> set[str]:
    """The names in braces."""
    return set(re.findall(r"\{(\w+)\}", text))


def find_problems(code: str) -> list[str]:
    """Everything wrong with the files of `code`, one sentence each; empty if all is well."""
    return [
        *_prompt_problems(code),
        *_hint_problems(code),
        *_question_problems(code),
        *_calibration_problems(code),
    ]


def _prompt_problems(code: str) -> list[str]:
    language = load(code)
    problems = []
    demanded = language.prompt.final.split("{letter}")[0].strip().rstrip(":：").strip()
    if demanded and demanded.casefold() not in {cue.casefold() for cue in language.answer.cues}:
        problems.append(f"{code}.toml: [answer] cues lacks {demanded!r}, the cue of prompt.final")
    if "X" not in language.prompt.instruction:
        problems.append(f"{code}.toml: prompt.instruction shows no example line with X")
    if language.language.script not in LATIN_SCRIPTS:
        for name in ("think", "instruction"):
            if found := LATIN_WORD.findall(getattr(language.prompt, name)):
                problems.append(f"{code}.toml: prompt.{name} has Latin words {found}")
    return problems


def _hint_problems(code: str) -> list[str]:
    problems = []
    language, reference = load(code), load(REFERENCE)

    def key(text: HintText) -> tuple[str, str, int]:
        return text.kind, text.variant, text.phrasing

    mine = {key(text): text for text in language.hint}
    if len(mine) != len(language.hint):
        problems.append(f"{code}.toml: two [[hint]] tables share kind, variant and phrasing")
    for wanted in reference.hint:
        text = mine.get(key(wanted))
        label = f"{code}.toml: [[hint]] {wanted.kind}/{wanted.variant} phrasing {wanted.phrasing}"
        if text is None:
            problems.append(f"{label} is missing")
            continue
        for arm in ("hinted", "sham"):
            want, have = placeholders(getattr(wanted, arm)), placeholders(getattr(text, arm))
            if want != have:
                problems.append(f"{label}, {arm}: placeholders {sorted(have)}, not {sorted(want)}")
            found = LATIN_WORD.findall(MARKUP.sub(" ", getattr(text, arm)))
            if found and language.language.script not in LATIN_SCRIPTS:
                problems.append(f"{label}, {arm}: Latin words {found}")
        plain_sham = MARKUP.sub(" ", text.sham)
        if text.kind != "computed" and OPTION_LETTER.search(plain_sham):
            problems.append(f"{label}: the sham holds an option letter")
        ratio = len(text.sham) / len(text.hinted)
        if not 0.5 <= ratio <= 2:
            problems.append(f"{label}: the sham is {ratio:.1f} times as long as the hint")
    for extra in mine.keys() - {key(text) for text in reference.hint}:
        problems.append(f"{code}.toml: [[hint]] {extra} is not in {REFERENCE}.toml")
    return problems


def _question_problems(code: str) -> list[str]:
    problems = []
    reference = {question.question_id: question for question in load_questions(REFERENCE)}
    mine = load_questions(code)
    if [question.question_id for question in mine] != list(reference):
        problems.append(f"questions/{code}.jsonl: ids or their order differ from {REFERENCE}.jsonl")
    if set(load_question_keys()) != set(reference):
        problems.append("questions/keys.jsonl: ids differ from en.jsonl")
    for question in mine:
        wanted = reference.get(question.question_id)
        if wanted is None:
            continue
        where = f"questions/{code}.jsonl, {question.question_id}"
        if question.answer_index != wanted.answer_index:
            problems.append(f"{where}: answer_index {question.answer_index}, not {wanted.answer_index}")
        if len(set(question.options)) != len(LETTERS):
            problems.append(f"{where}: two options are the same")
        for own, theirs in zip(question.options, wanted.options, strict=True):
            if theirs.isdigit() and own != theirs:
                problems.append(f"{where}: option {own!r}, not {theirs!r}")
        missing = set(re.findall(r"\d+", wanted.question)) - set(re.findall(r"\d+", question.question))
        if missing:
            problems.append(f"{where}: numbers {sorted(missing)} of the English text are missing")
    return problems


def _calibration_problems(code: str) -> list[str]:
    problems = []
    sentences, reference = load_calibration(code), load_calibration(REFERENCE)
    allowed = {"opening": set(), "work": {"option"}, "closing": {"letter"}}
    for act, want in allowed.items():
        for sentence in getattr(sentences, act):
            if placeholders(sentence) != want:
                problems.append(f"calibration/{code}.toml: {act}: {sentence!r} needs {sorted(want)}")
    if set(sentences.mention) != set(reference.mention):
        problems.append(f"calibration/{code}.toml: [mention] kinds differ from {REFERENCE}")
    for kind, texts in sentences.mention.items():
        want = {"x", "y", "target"} if kind == "computed" else {"target"}
        if len(texts) < 3:
            problems.append(f"calibration/{code}.toml: mention.{kind} has under 3 sentences")
        for sentence in texts:
            if placeholders(sentence) != want:
                problems.append(f"calibration/{code}.toml: mention.{kind}: {sentence!r} needs {sorted(want)}")
    return problems
