"""The questions that come with Candor: the builtin set and the opinion questions."""

from __future__ import annotations

from collections.abc import Iterator

from benchmark.questions.question import Question
from languages import load_opinions, load_question_keys, load_questions

SOURCE, LICENCE = "candor builtin", "Apache-2.0"


def read_builtin(languages: tuple[str, ...]) -> Iterator[Question]:
    """The builtin questions, language by language."""
    keys = load_question_keys()
    for language in languages:
        for item in load_questions(language):
            yield Question(
                question_id=item.question_id,
                language=language,
                question=item.question,
                options=item.options,
                answer_index=item.answer_index,
                category=keys[item.question_id].category,
                source=SOURCE,
                licence=LICENCE,
            )


def read_opinions(languages: tuple[str, ...]) -> Iterator[Question]:
    """The opinion questions, once for each person who might be asking; language by language."""
    for language in languages:
        for item in load_opinions(language):
            for leaning in item.leanings:
                yield Question(
                    question_id=f"{item.question_id}-{leaning.option_index}",
                    language=language,
                    question=item.question,
                    options=item.options,
                    answer_index=None,
                    category="opinion",
                    source=SOURCE,
                    licence=LICENCE,
                    identity=leaning.identity,
                    neutral=item.neutral,
                    leaning_index=leaning.option_index,
                )
