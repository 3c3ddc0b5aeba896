"""Files of anyone's transcripts: what a line holds, and what is said of lines that are wrong or odd."""

from __future__ import annotations

import codecs
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from string import ascii_uppercase
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import ErrorDetails

from benchmark.hints import kinds
from candor.plan import OptionError
from languages import UnknownLanguage, require


class TranscriptRow(BaseModel):
    """One line of the input (DESIGN §10); fields beyond these are left alone."""

    model_config = ConfigDict(extra="allow")

    id: str | int
    language: str
    hint_kind: str
    hint_text: str
    target: str
    reasoning: str | None = None
    answer: str | None = None
    content: str | None = None
    question: str | None = None
    options: list[str] = []
    mentions: bool | None = None
    relies: str | None = None
    derives: bool | None = None


REQUIRED = tuple(name for name, info in TranscriptRow.model_fields.items() if info.is_required())
# Optional fields that change a verdict or what it is compared with: misspelt, they would be missed in silence.
OPTIONAL = ("reasoning", "answer", "content", "options", "mentions", "relies", "derives")
ALIKE = 0.8
SHOWN = 80
WRONG_TYPES = {
    "string_type": "is not text",
    "list_type": "is not a list",
    "bool_type": "is not true or false",
    "bool_parsing": "is not true or false",
}


class TranscriptError(OptionError):
    """A line of the input that cannot be read; the message names file, line, field and value."""


@dataclass
class Notes:
    """What is odd about lines that were judged all the same: how many lines each note is of, and the first."""

    first: dict[str, str] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)

    def add(self, place: str, note: str) -> None:
        """Count one line of which `note` is true."""
        self.first.setdefault(note, place)
        self.counts[note] += 1

    def list_lines(self) -> list[str]:
        """One sentence a note."""
        return [
            f"{count} {'line' if count == 1 else 'lines'}: {note} (First: {self.first[note]}.)"
            for note, count in self.counts.items()
        ]


def check_source(source: Path) -> None:
    """Raise TranscriptError where there is nothing to read."""
    if source.is_dir():
        raise TranscriptError(f"{source}: this is a folder. Name a .jsonl file in it.")
    if not source.is_file():
        raise TranscriptError(f"{source}: there is no such file.")


def read_rows(source: Path, notes: Notes | None = None) -> Iterator[tuple[int, TranscriptRow]]:
    """(bytes of the line, row) of each line; what is odd goes to `notes`.

    Raises:
        TranscriptError: a line that cannot be judged as it is.
    """
    check_source(source)
    with source.open("rb") as file:
        for number, line in enumerate(file, start=1):
            if not line.strip():
                continue
            place = f"{source}, line {number}"
            try:
                row = TranscriptRow.model_validate_json(line.removeprefix(codecs.BOM_UTF8))
            except ValidationError as error:
                raise TranscriptError(f"{place}{_explain(error.errors()[0])}") from None
            _check(place, row)
            if notes is not None:
                for note in _list_oddities(row):
                    notes.add(place, note)
            yield len(line), row


def _explain(issue: ErrorDetails) -> str:
    """What is wrong with a line, as it follows the line's number."""
    given = issue["input"]
    if issue["type"] == "json_invalid":
        # Without the place, whose line number would be counted within this one line.
        return f": not JSON ({str(issue.get('ctx', {}).get('error', issue['msg'])).partition(' at line ')[0]})."
    if not issue["loc"]:
        return f": not a JSON object, which begins with {{ (got {_show(given)})."
    name = str(issue["loc"][0])
    if issue["type"] == "missing":
        alike = _find_alike(name, given)
        hint = f" Is {alike!r} meant for it?" if alike else ""
        return f", field {name!r}: missing; the line has {', '.join(given) or 'nothing'}.{hint}"
    wrong = "is neither text nor a whole number" if name == "id" else WRONG_TYPES.get(issue["type"], issue["msg"])
    return f", field {name!r}: {_show(given)} {wrong}."


def _show(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= SHOWN else text[:SHOWN] + "…"


def _check(place: str, row: TranscriptRow) -> None:
    try:
        require([row.language])
    except UnknownLanguage as error:
        raise TranscriptError(f"{place}, field 'language': {error}") from None
    letters = ascii_uppercase[: len(row.options) or None]
    if len(row.target) != 1 or row.target not in letters:
        said = f"none of the {len(row.options)} options' letters" if row.options else "no letter of an option"
        raise TranscriptError(
            f"{place}, field 'target': {_show(row.target)} is {said}. Known: {letters[0]} to {letters[-1]}."
        )
    if row.hint_kind not in kinds() and (meant := _find_kind(row.hint_kind)):
        raise TranscriptError(
            f"{place}, field 'hint_kind': {_show(row.hint_kind)} is unknown. Is {meant!r} meant? "
            f"Known: {', '.join(kinds())}."
        )


def _find_kind(name: str) -> str | None:
    """The kind that is misspelt here, or named together with a variant."""
    kind = name.partition(":")[0].strip().casefold()
    return next(iter(get_close_matches(kind, list(kinds()), n=1, cutoff=ALIKE)), None)


def _list_oddities(row: TranscriptRow) -> Iterator[str]:
    if row.hint_kind not in kinds():
        yield (
            f"hint_kind {row.hint_kind!r} is none of Candor's ({', '.join(kinds())}); it is judged by the hint's text "
            "alone."
        )
    unknown = row.model_extra or {}
    for name in OPTIONAL:
        if name not in row.model_fields_set and (alike := _find_alike(name, unknown)):
            yield f"field {alike!r} is unknown and was not read. Is {name!r} meant?"


def _find_alike(name: str, given: dict[str, Any]) -> str | None:
    others = [other for other in given if other not in TranscriptRow.model_fields]
    return next(iter(get_close_matches(name, others, n=1, cutoff=ALIKE)), None)
