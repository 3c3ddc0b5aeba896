"""What must hold of a language's files beyond their shape: parity with English.

Used by `python -m languages check` and by the tests.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from languages.loader import (
    load,
    load_calibration,
    load_opinions,
    load_question_keys,
    load_questions,
    load_templates,
)
from languages.schema import LETTERS, Family, GeneratedTemplates, HintText

REFERENCE = "en"
# Words that are markup, code or the formulas of the `computed` hints, not prose.
MARKUP = re.compile(r"\{\w+\}|<[^<>]*>|^.*(?:\bord\(|%|=\s*\").*$|^\s*x = .*$", re.MULTILINE)
FENCE = re.compile(r"^```\w*\n(.*?)^```$", re.MULTILINE | re.DOTALL)
COMMENT = re.compile(r"(?:#|//)(.*)$", re.MULTILINE)
FAMILIES = tuple(name for name, field in GeneratedTemplates.model_fields.items() if field.annotation is Family)
# Phrasings more alike than this differ in a word or two, not in register and structure.
LARGEST_CHRF = 70
# Its hinted text tells another copy of the model what to argue for; its sham is said outright.
UNLIKE_ITS_SHAM = ("peer",)
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
        *_framing_problems(code),
        *_question_problems(code),
        *_opinion_problems(code),
        *_template_problems(code),
        *_calibration_problems(code),
    ]


def find_latin_words(code: str, text: str) -> list[str]:
    """Latin words in a text of a language with another script; markup, code and placeholders are no words."""
    if load(code).language.script in LATIN_SCRIPTS:
        return []
    prose = FENCE.sub(lambda fence: "\n".join(COMMENT.findall(fence[1])), text)
    return LATIN_WORD.findall(MARKUP.sub(" ", prose))


def _prompt_problems(code: str) -> list[str]:
    language = load(code)
    problems = []
    demanded = language.prompt.final.split("{letter}")[0].strip().rstrip(":：").strip()
    if demanded and demanded.casefold() not in {cue.casefold() for cue in language.answer.cues}:
        problems.append(f"{code}.toml: [answer] cues lacks {demanded!r}, the cue of prompt.final")
    if "X" not in language.prompt.instruction:
        problems.append(f"{code}.toml: prompt.instruction shows no example line with X")
    if "X" not in language.prompt.direct:
        problems.append(f"{code}.toml: prompt.direct shows no example line with X")
    texts = [
        (f"prompt.{name}", getattr(language.prompt, name)) for name in ("think", "instruction", "direct", "opener")
    ]
    texts += [(f"turns.{name}", text) for name, text in language.turns]
    for name, text in texts:
        if found := find_latin_words(code, text):
            problems.append(f"{code}.toml: {name} has Latin words {found}")
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
        for part in ("hinted", "sham", "scaffold", "forged"):
            want, have = placeholders(getattr(wanted, part) or ""), placeholders(getattr(text, part) or "")
            if want != have:
                problems.append(f"{label}, {part}: placeholders {sorted(have)}, not {sorted(want)}")
            if bool(getattr(wanted, part)) != bool(getattr(text, part)):
                problems.append(f"{label}: {part} is {'missing' if getattr(wanted, part) else 'not in the reference'}")
            if found := find_latin_words(code, getattr(text, part) or ""):
                problems.append(f"{label}, {part}: Latin words {found}")
        plain_sham = MARKUP.sub(" ", FENCE.sub("", text.sham))
        if text.kind != "computed" and OPTION_LETTER.search(plain_sham):
            problems.append(f"{label}: the sham holds an option letter")
        ratio = len(text.sham) / len(text.hinted)
        if not 0.5 <= ratio <= 2 and text.kind not in UNLIKE_ITS_SHAM:
            problems.append(f"{label}: the sham is {ratio:.1f} times as long as the hint")
    for extra in mine.keys() - {key(text) for text in reference.hint}:
        problems.append(f"{code}.toml: [[hint]] {extra} is not in {REFERENCE}.toml")
    return problems


def _framing_problems(code: str) -> list[str]:
    problems = []
    wanted = {(text.kind, text.phrasing) for text in load(REFERENCE).framing}
    mine = {(text.kind, text.phrasing) for text in load(code).framing}
    if wanted != mine:
        problems.append(f"{code}.toml: [[framing]] tables differ from {REFERENCE}.toml: {sorted(wanted ^ mine)}")
    for text in load(code).framing:
        if found := find_latin_words(code, text.text):
            problems.append(f"{code}.toml: [[framing]] {text.kind} phrasing {text.phrasing}: Latin words {found}")
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


def _opinion_problems(code: str) -> list[str]:
    problems = []
    mine, reference = load_opinions(code), load_opinions(REFERENCE)
    if [item.question_id for item in mine] != [item.question_id for item in reference]:
        return [f"opinions/{code}.jsonl: ids or their order differ from {REFERENCE}.jsonl"]
    for item, wanted in zip(mine, reference, strict=True):
        where = f"opinions/{code}.jsonl, {item.question_id}"
        if [leaning.option_index for leaning in item.leanings] != [leaning.option_index for leaning in wanted.leanings]:
            problems.append(f"{where}: option_index of the leanings differs from {REFERENCE}.jsonl")
        if len(set(item.options)) != len(LETTERS):
            problems.append(f"{where}: two options are the same")
        texts = [item.question, *item.options, item.neutral, *(leaning.identity for leaning in item.leanings)]
        if found := find_latin_words(code, "\n".join(texts)):
            problems.append(f"{where}: Latin words {found}")
    return problems


def _template_problems(code: str) -> list[str]:
    problems = []
    mine, reference = load_templates(code), load_templates(REFERENCE)
    for texts in (mine.names, mine.weekdays):
        if len(set(texts)) != len(texts):
            problems.append(f"generated/{code}.toml: a name or day stands twice in {list(texts)}")
    for family in FAMILIES:
        own, wanted = getattr(mine, family), getattr(reference, family)
        for part in Family.model_fields:
            pairs = getattr(own, part), getattr(wanted, part)
            if len(pairs[0]) != len(pairs[1]):
                problems.append(f"generated/{code}.toml: [{family}] {part} has {len(pairs[0])}, not {len(pairs[1])}")
                continue
            for number, (text, other) in enumerate(zip(*pairs, strict=True), start=1):
                where = f"generated/{code}.toml: [{family}] {part} {number}"
                if placeholders(text) != placeholders(other):
                    problems.append(f"{where}: placeholders {sorted(placeholders(text))}")
                if found := find_latin_words(code, text):
                    problems.append(f"{where}: Latin words {found}")
    return problems


def find_spread(code: str) -> Iterator[tuple[str, float]]:
    """(kind, largest chrF between two different phrasings of it) for each hint kind and framing.

    Phrasings are compared with everything a reader sees of them: scaffold, hint and forged reply.
    """
    from sacrebleu.metrics.chrf import CHRF

    metric = CHRF()
    shown: dict[str, list[tuple[int, str]]] = {}
    for text in load(code).hint:
        whole = "\n".join(part for part in (text.scaffold, text.hinted.strip(), text.forged) if part)
        shown.setdefault(text.kind, []).append((text.phrasing, whole))
    for framing in load(code).framing:
        shown.setdefault(framing.kind, []).append((framing.phrasing, framing.text))
    for kind, texts in shown.items():
        distinct = sorted(set(texts))
        yield (
            kind,
            max(metric.sentence_score(one, [other]).score for k, one in distinct for j, other in distinct if k != j),
        )


def _calibration_problems(code: str) -> list[str]:
    problems = []
    sentences, reference = load_calibration(code), load_calibration(REFERENCE)
    allowed = {
        "opening": set(),
        "work": {"option"},
        "closing": {"letter"},
        "pledge_yes": set(),
        "pledge_no": set(),
        "interview_no": set(),
        "argue": {"target"},
    }
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
