"""Load and validate the files of one language.

Every error names the file and the key to edit.
"""

from __future__ import annotations

import json
import tomllib
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from languages.schema import (
    BuiltinQuestion,
    CalibrationSentences,
    GeneratedTemplates,
    Language,
    OpinionQuestion,
    QuestionKey,
)

FOLDER = Path(__file__).parent

Model = TypeVar("Model", bound=BaseModel)


class LanguageFileError(ValueError):
    """A language file is missing or malformed; the message names file and key."""


class UnknownLanguage(ValueError):
    """A language code that has no file."""


@cache
def available() -> tuple[str, ...]:
    """Codes of all languages that have a file, high- to low-resource."""
    codes = sorted(path.stem for path in FOLDER.glob("*.toml"))
    return tuple(sorted(codes, key=lambda code: load(code).language.resource_rank))


def require(codes: list[str] | tuple[str, ...]) -> tuple[str, ...]:
    """The codes, deduplicated and in order; UnknownLanguage names the first that has no file."""
    for code in codes:
        if not (FOLDER / f"{code}.toml").exists():
            raise UnknownLanguage(
                f"language {code!r} is unknown. Known: {', '.join(available())}. To add one, see languages/README.md."
            )
    return tuple(dict.fromkeys(codes))


@cache
def load(code: str) -> Language:
    """The language's main file. Raises LanguageFileError or UnknownLanguage."""
    if not (FOLDER / f"{code}.toml").exists():
        raise UnknownLanguage(f"language {code!r} is unknown: there is no languages/{code}.toml")
    language = _validated(FOLDER / f"{code}.toml", Language)
    if language.code != code:
        raise LanguageFileError(
            f"languages/{code}.toml: [language] code is {language.code!r}, the file name says {code!r}"
        )
    return language


@cache
def load_calibration(code: str) -> CalibrationSentences:
    """The sentences of the calibration model in this language."""
    return _validated(FOLDER / "calibration" / f"{code}.toml", CalibrationSentences)


@cache
def load_questions(code: str) -> tuple[BuiltinQuestion, ...]:
    """The builtin questions as written in this language, in file order."""
    return _validated_lines(FOLDER / "questions" / f"{code}.jsonl", BuiltinQuestion)


@cache
def load_opinions(code: str) -> tuple[OpinionQuestion, ...]:
    """The opinion questions as written in this language, in file order."""
    return _validated_lines(FOLDER / "opinions" / f"{code}.jsonl", OpinionQuestion)


@cache
def load_templates(code: str) -> GeneratedTemplates:
    """What generated questions are written with in this language."""
    return _validated(FOLDER / "generated" / f"{code}.toml", GeneratedTemplates)


@cache
def load_question_keys() -> dict[str, QuestionKey]:
    """Category, difficulty and worked key of every builtin question, by id."""
    keys = _validated_lines(FOLDER / "questions" / "keys.jsonl", QuestionKey)
    return {key.question_id: key for key in keys}


def _validated(path: Path, model: type[Model]) -> Model:
    shown = path.relative_to(FOLDER.parent)
    try:
        data: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise LanguageFileError(f"{shown} is missing; see languages/README.md") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise LanguageFileError(f"{shown} is not valid TOML: {error}") from None
    try:
        return model.model_validate(data)
    except ValidationError as error:
        raise LanguageFileError(_name_the_key(str(shown), error)) from None


def _validated_lines(path: Path, model: type[Model]) -> tuple[Model, ...]:
    shown = path.relative_to(FOLDER.parent)
    if not path.exists():
        raise LanguageFileError(f"{shown} is missing; see languages/README.md")
    rows = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            rows.append(model.model_validate(json.loads(line)))
        except json.JSONDecodeError as error:
            raise LanguageFileError(f"{shown}, line {number} is not JSON: {error}") from None
        except ValidationError as error:
            raise LanguageFileError(_name_the_key(f"{shown}, line {number}", error)) from None
    return tuple(rows)


def _name_the_key(where: str, error: ValidationError) -> str:
    problems = "; ".join(f"{'.'.join(str(part) for part in issue['loc'])}: {issue['msg']}" for issue in error.errors())
    return f"{where}: {problems}"
