"""Questions: the builtin set and files of the user's own.

A set is parallel: one `question_id` in every language, same option order, same key.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmark.seeding import digest
from languages import LETTERS, load_question_keys
from languages import load_questions as load_builtin

MAX_SHOWN_PROBLEMS = 8
OPTION_COLUMNS = tuple(f"option_{letter.lower()}" for letter in LETTERS)
FORMATS = (".jsonl", ".csv", ".parquet")


class QuestionError(ValueError):
    """A question source that cannot be used; the message names line, field and mend."""


@dataclass(frozen=True)
class Question:
    """One question as written in one language; options in the source's order."""

    question_id: str
    language: str
    question: str
    options: tuple[str, ...]
    answer_index: int
    category: str = ""
    source: str = ""
    licence: str = ""


@dataclass(frozen=True)
class QuestionSet:
    """A parallel set: `questions[question_id][language]`, ids in the source's order."""

    name: str
    questions: dict[str, dict[str, Question]]

    def missing(self, languages: tuple[str, ...]) -> dict[str, int]:
        """How many questions each language lacks; languages that lack none are left out."""
        counts = {
            language: sum(language not in versions for versions in self.questions.values()) for language in languages
        }
        return {language: count for language, count in counts.items() if count}


def load_question_set(source: str, languages: tuple[str, ...], limit: int | None = None) -> QuestionSet:
    """Questions of `source` ("builtin" or a file's path) in the languages wanted.

    Args:
        source: "builtin", or a path ending in .jsonl, .csv or .parquet.
        languages: codes; questions in other languages are checked but left out.
        limit: keep the first `limit` question ids.

    Raises:
        QuestionError: the source is unknown, a row is bad, or nothing is left.
    """
    if source == "builtin":
        name, rows = "builtin", list(_builtin_questions(languages))
    else:
        path = Path(source)
        name, rows = path.stem, _read_file(path)
    grouped: dict[str, dict[str, Question]] = {}
    for row in rows:
        grouped.setdefault(row.question_id, {})
        if row.language in languages:
            grouped[row.question_id][row.language] = row
    kept = [(question_id, versions) for question_id, versions in grouped.items() if versions]
    if not kept:
        present = sorted({row.language for row in rows})
        raise QuestionError(
            f"{source} holds no question in {', '.join(languages)}; its languages are {', '.join(present)}."
        )
    return QuestionSet(name, dict(kept[:limit]))


def _builtin_questions(languages: tuple[str, ...]) -> Iterator[Question]:
    keys = load_question_keys()
    for language in languages:
        for item in load_builtin(language):
            yield Question(
                question_id=item.question_id,
                language=language,
                question=item.question,
                options=item.options,
                answer_index=item.answer_index,
                category=keys[item.question_id].category,
                source="candor builtin",
                licence="Apache-2.0",
            )


def _read_file(path: Path) -> list[Question]:
    if path.suffix not in FORMATS:
        raise QuestionError(f"--questions {path}: neither 'builtin' nor a file ending in {', '.join(FORMATS)}.")
    if not path.is_file():
        raise QuestionError(f"--questions {path}: there is no such file.")
    problems: list[str] = []
    questions: dict[tuple[str, str], Question] = {}
    keys: dict[str, tuple[int, int]] = {}
    for line, row in _rows(path, problems):
        try:
            question = _parse_row(row)
            if (question.question_id, question.language) in questions:
                raise QuestionError(
                    f"field 'question_id': {question.question_id!r} occurs twice in {question.language}"
                )
            first_key, first_line = keys.setdefault(question.question_id, (question.answer_index, line))
            if first_key != question.answer_index:
                raise QuestionError(
                    f"field 'answer_index': {question.answer_index}, but line {first_line} says {first_key} "
                    f"for the same question_id {question.question_id!r}; a parallel set has one key"
                )
        except QuestionError as error:
            problems.append(f"line {line}, {error}")
            continue
        questions[question.question_id, question.language] = question
    if problems:
        shown = "\n  ".join(problems[:MAX_SHOWN_PROBLEMS])
        more = len(problems) - MAX_SHOWN_PROBLEMS
        tail = f"\n  … and {more} more" if more > 0 else ""
        raise QuestionError(f"{path}: {len(problems)} bad rows, nothing was loaded.\n  {shown}{tail}")
    if not questions:
        raise QuestionError(f"{path} holds no questions.")
    return list(questions.values())


def _rows(path: Path, problems: list[str]) -> Iterator[tuple[int, dict[str, Any]]]:
    """(line number, row) of a file; unreadable lines go to `problems`."""
    if path.suffix == ".parquet":
        import pyarrow.parquet

        table = pyarrow.parquet.read_table(path)
        yield from enumerate(table.to_pylist(), start=1)
        return
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise QuestionError(f"{path} is not UTF-8 (byte {error.start}); save it as UTF-8.") from None
    if path.suffix == ".csv":
        yield from ((n, dict(row)) for n, row in enumerate(csv.DictReader(text.splitlines()), start=2))
        return
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except json.JSONDecodeError as error:
            problems.append(f"line {number}: not JSON ({error.msg} at column {error.colno})")
            continue
        if isinstance(row, dict):
            yield number, row
        else:
            problems.append(f"line {number}: not a JSON object")


def _parse_row(row: dict[str, Any]) -> Question:
    return Question(
        question_id=_text(row, "question_id"),
        language=_text(row, "language"),
        question=_text(row, "question"),
        options=_options(row),
        answer_index=_answer_index(row),
        category=str(row.get("category") or ""),
        source=str(row.get("source") or ""),
        licence=str(row.get("licence") or ""),
    )


def _field(row: dict[str, Any], name: str) -> Any:
    if row.get(name) in (None, ""):
        found = ", ".join(str(key) for key in row)
        raise QuestionError(f"field {name!r}: missing (the row has {found})")
    return row[name]


def _text(row: dict[str, Any], name: str) -> str:
    value = _field(row, name)
    if not isinstance(value, str | int):
        raise QuestionError(f"field {name!r}: {value!r} is not text")
    return str(value)


def _options(row: dict[str, Any]) -> tuple[str, ...]:
    if "options" in row and row["options"] not in (None, ""):
        options = row["options"]
        if isinstance(options, str):
            try:
                options = json.loads(options)
            except json.JSONDecodeError:
                raise QuestionError(f"field 'options': {options!r} is not a JSON list") from None
    elif any(column in row for column in OPTION_COLUMNS):
        options = [_text(row, column) for column in OPTION_COLUMNS]
    else:
        _field(row, "options")
    if not isinstance(options, list) or len(options) != len(LETTERS):
        raise QuestionError(f"field 'options': {options!r} is not a list of {len(LETTERS)}")
    texts = tuple(str(option) for option in options)
    if len(set(texts)) != len(texts) or not all(text.strip() for text in texts):
        raise QuestionError(f"field 'options': {list(texts)!r} must be four different, non-empty texts")
    return texts


def _answer_index(row: dict[str, Any]) -> int:
    value = _field(row, "answer_index")
    try:
        index = int(value)
    except (TypeError, ValueError):
        index = -1
    if isinstance(value, bool) or not 0 <= index < len(LETTERS) or str(value).strip() != str(index):
        raise QuestionError(f"field 'answer_index': {value!r} is not 0, 1, 2 or 3 (counted from 0)")
    return index


def fingerprint(question_set: QuestionSet) -> str:
    """A hash over every text and key of the set, to tell two versions apart."""
    return digest(*(repr(q) for versions in question_set.questions.values() for q in versions.values()))
