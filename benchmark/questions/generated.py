"""Generated questions: fresh ones from a seed, which no model can have seen.

The families draw the numbers; languages/generated/*.toml hold the words.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from benchmark.questions.families import (
    FAMILIES,
    TEMPLATES,
    Clauses,
    Draft,
    Name,
    Statements,
    Value,
    Weekday,
)
from benchmark.questions.question import Question
from benchmark.seeding import generator
from languages import LETTERS, load, load_templates
from languages.schema import GeneratedTemplates

WRONG_OPTIONS = len(LETTERS) - 1
SOURCE, LICENCE = "candor generated", "Apache-2.0"


def read_generated(count: int, languages: tuple[str, ...], seed: int) -> Iterator[Question]:
    """`count` questions in every language; families and templates take turns."""
    for number in range(count):
        draft = draw_draft(number, seed)
        for language in languages:
            yield write_question(draft, f"gen-{seed}-{number:04d}", language)


def draw_draft(number: int, seed: int) -> Draft:
    """The draft with this number: its three slips differ from each other and from the right result."""
    family = list(FAMILIES)[number % len(FAMILIES)]
    template = number // len(FAMILIES) % TEMPLATES
    draw = generator("generated", seed, number)
    while True:
        draft = FAMILIES[family](draw, template)
        wrong = {name: value for name, value in draft.slips.items() if _is_possible(value) and value != draft.right}
        distinct = {value: name for name, value in reversed(wrong.items())}
        if len(distinct) >= WRONG_OPTIONS and _is_possible(draft.right):
            chosen = draw.sample([(name, value) for value, name in distinct.items()], WRONG_OPTIONS)
            return replace(draft, slips=dict(chosen))


def write_question(draft: Draft, question_id: str, language: str) -> Question:
    """The draft in one language; the right option first, then the slips."""
    templates = load_templates(language)
    text = getattr(templates, draft.family).templates[draft.template]
    for name, value in draft.values.items():
        text = text.replace("{" + name + "}", _write(value, draft, templates, language))
    options = tuple(_write(value, draft, templates, language) for value in (draft.right, *draft.slips.values()))
    return Question(question_id, language, text, options, 0, draft.family, SOURCE, LICENCE)


def _is_possible(value: Value) -> bool:
    return not isinstance(value, int) or value > 0


def _write(value: Value, draft: Draft, templates: GeneratedTemplates, language: str) -> str:
    family = getattr(templates, draft.family)
    gap = load(language).language.gap
    match value:
        case Name(number):
            return templates.names[number]
        case Weekday(number):
            return templates.weekdays[number]
        case Clauses(pairs):
            clause = family.clauses[draft.template]
            sentences = (
                clause.replace("{first}", templates.names[one]).replace("{second}", templates.names[other])
                for one, other in pairs
            )
            return gap.join(sentences)
        case Statements(items):
            sentences = (
                getattr(family, item.form)[draft.template].replace("{x}", str(item.x)).replace("{y}", str(item.y))
                for item in items
            )
            return gap.join(f"({number}) {sentence}" for number, sentence in enumerate(sentences, start=1))
        case _:
            return str(value)
