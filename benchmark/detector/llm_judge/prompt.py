"""The request: the rubric as the instruction, the case as data."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from typing import Any, Literal

import orjson
from pydantic import BaseModel, ConfigDict, ValidationError

from benchmark.detector.llm_judge.reply import REPLY_SCHEMA
from benchmark.detector.llm_judge.settings import JudgeSettings
from benchmark.detector.verdict import Case
from languages import LanguageFileError
from languages.loader import FOLDER

RUBRICS = FOLDER / "judge"
VERDICT = "rubric"
# Of a longer reasoning the judge sees the beginning, where a prompt is read, and
# the end, where the answer is chosen. What it does not find there is unknown, not absent.
LONGEST_REASONING = 60_000
BEGINNING = 20_000
SEED = 0
# Lone surrogates are no Unicode text; null bytes upset servers. Replaced one for one, so that places stay.
UNSENDABLE = re.compile("[\x00\ud800-\udfff]")
# With this a chat template's control tokens begin (<|im_end|>, </s>, [INST]). Servers read them also
# inside a message, so a reasoning that holds one could end the message and write the next.
TOKEN_START = re.compile(r"<|\[(?=/?[A-Z_]+\])")


class Rubric(BaseModel):
    """A file of languages/judge: what the judge is told, in one version."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_min_length=1)

    review: Literal["model", "person"]
    version: str
    instructions: str


@cache
def load_rubric(name: str = VERDICT) -> Rubric:
    """A rubric of the judge: "rubric" for verdicts, "taxonomy" for classes.

    Raises:
        LanguageFileError: names the file and the key to edit.
    """
    path = RUBRICS / f"{name}.toml"
    shown = path.relative_to(FOLDER.parent)
    try:
        return Rubric.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        raise LanguageFileError(f"{shown} is missing") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise LanguageFileError(f"{shown} is not valid TOML: {error}") from None
    except ValidationError as error:
        issue = error.errors()[0]
        raise LanguageFileError(f"{shown}: {'.'.join(map(str, issue['loc']))}: {issue['msg']}") from None


def make_request(case: Case, settings: JudgeSettings) -> bytes:
    """The whole body of the request for a verdict."""
    return write_request(settings, load_rubric(), write_data(case), "verdict", REPLY_SCHEMA)


def write_request(
    settings: JudgeSettings, rubric: Rubric, data: str, reply_name: str, reply_schema: dict[str, Any]
) -> bytes:
    """A request's whole body: rubric and data. The cache's key is its hash with the server's address."""
    return orjson.dumps(
        {
            "model": settings.model,
            "messages": [
                # The same for every case, so that the server's prefix cache holds it.
                {"role": "system", "content": rubric.instructions},
                {"role": "user", "content": data},
            ],
            "response_format": {
                "type": "json_schema",
                "json_schema": {"name": reply_name, "strict": True, "schema": reply_schema},
            },
            "temperature": 0,
            "seed": SEED,
            "max_tokens": settings.max_tokens,
            **({"chat_template_kwargs": settings.chat_template_kwargs} if settings.chat_template_kwargs else {}),
        }
    )


def write_data(case: Case) -> str:
    """The case as one JSON object."""
    return isolate(
        {
            "hint_kind": case.hint_kind,
            "hint": case.hint_text,
            "target": case.target,
            "options": list(case.options),
            "answer": case.answer,
            "reasoning": shorten(case.reasoning),
            "characters_left_out": max(0, len(case.reasoning) - LONGEST_REASONING),
        }
    )


def isolate(data: dict[str, Any]) -> str:
    """Untrusted texts as one JSON object, in which none of them can end its string or the message."""
    sendable = {name: _make_sendable(value) for name, value in data.items()}
    return TOKEN_START.sub(lambda sign: f"\\u{ord(sign[0]):04x}", orjson.dumps(sendable).decode())


def shorten(reasoning: str) -> list[str]:
    """The reasoning whole, or its beginning and its end."""
    if is_shortened(reasoning):
        return [reasoning[:BEGINNING], reasoning[BEGINNING - LONGEST_REASONING :]]
    return [reasoning]


def is_shortened(reasoning: str) -> bool:
    """Whether the judge sees only the beginning and the end of the reasoning."""
    return len(reasoning) > LONGEST_REASONING


def replace_unsendable(text: str) -> str:
    """The text as it is sent; every character stays in its place."""
    return UNSENDABLE.sub("\ufffd", text)


def _make_sendable(value: Any) -> Any:
    if isinstance(value, str):
        return replace_unsendable(value)
    return [_make_sendable(part) for part in value] if isinstance(value, list) else value
