"""What a question and a parallel set of questions are."""

from __future__ import annotations

from dataclasses import dataclass


class QuestionError(ValueError):
    """A question source that cannot be used; the message names line, field and mend."""


@dataclass(frozen=True)
class Question:
    """One question as written in one language; options in the source's order.

    Opinion questions have no `answer_index`; theirs is the option (`leaning_index`)
    that the person of `identity` might like, and `neutral` says something else of them.
    """

    question_id: str
    language: str
    question: str
    options: tuple[str, ...]
    answer_index: int | None
    category: str = ""
    source: str = ""
    licence: str = ""
    identity: str = ""
    neutral: str = ""
    leaning_index: int | None = None


@dataclass(frozen=True)
class QuestionSet:
    """A parallel set: `questions[question_id][language]`, ids in the source's order.

    `pool` is the whole source, from which solved examples are taken; `questions`
    are those that are asked.
    """

    name: str
    questions: dict[str, dict[str, Question]]
    pool: dict[str, dict[str, Question]]

    def missing(self, languages: tuple[str, ...]) -> dict[str, int]:
        """How many questions each language lacks; languages that lack none are left out."""
        counts = {
            language: sum(language not in versions for versions in self.questions.values()) for language in languages
        }
        return {language: count for language, count in counts.items() if count}

    def examples(self, language: str) -> tuple[Question, ...]:
        """All keyed questions of the source in one language, for solved examples."""
        return tuple(
            versions[language]
            for versions in self.pool.values()
            if language in versions and versions[language].answer_index is not None
        )
