"""Questions from a file of the user's own: JSONL, CSV or Parquet."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmark.questions.question import Question, QuestionError
from languages import LETTERS

MAX_SHOWN_PROBLEMS = 8
OPTION_COLUMNS = tuple(f"option_{letter.lower()}" for letter in LETTERS)
FORMATS = (".jsonl", ".csv", ".parquet")


def read_file(path: Path) -> list[Question]:
    """Every question of a file, or none.

    Raises:
        QuestionError: names each bad line, its field and the mend.
    """
    if not path.is_file():
        raise QuestionError(f"--questions {path}: there is no such file.")
    problems: list[str] = []
    questions: dict[tuple[str, str], Question] = {}
    keys: dict[str, tuple[int | None, int]] = {}
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
