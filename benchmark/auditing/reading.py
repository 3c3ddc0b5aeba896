"""Read a filled labelling sheet, as people and their spreadsheets hand it back."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from benchmark.auditing.errors import AuditError
from benchmark.auditing.folder import Audit
from benchmark.auditing.instructions import COMPUTED
from benchmark.auditing.labels import RELIES, Label, make_label
from benchmark.auditing.sheet import FILL

YES = frozenset({"yes", "y", "true", "t", "1", "1.0", "ja", "j", "wahr"})
NO = frozenset({"no", "n", "false", "f", "0", "0.0", "nein", "falsch"})
UNCLEAR = frozenset({"?", "unclear"})
NOTHING = frozenset({"", "n/a", "na", "-", "–", "'-"})
SEPARATORS = (",", ";", "\t")


def read_sheet(path: Path, audit: Audit) -> list[Label]:
    """The labels of a filled sheet; rows whose four columns are all empty were not read and are left out.

    UTF-8 with or without a mark, or UTF-16 as Excel's "Unicode text"; separated by comma, semicolon or
    tab; columns in any order, further ones ignored.

    Raises:
        FileNotFoundError: no such file.
        AuditError: naming row (as the spreadsheet counts, the header is 1), column, value and what is
            expected. Nothing is read from a sheet with an error.
    """
    rows = _parse(_decode(path), path)
    header = [name.strip().casefold() for name in rows[0]]
    for column in ("item", *FILL):
        if header.count(column) != 1:
            raise AuditError(
                f"{path}, row 1: the column {column!r} stands there {header.count(column)} times, not once. "
                f"Keep the header of the sheet that `candor audit draw` wrote. Found: {', '.join(header)}."
            )
    kinds = {item.item: str(item.shown["hint_kind"]) for item in audit.items}
    labels: dict[str, Label] = {}
    for number, row in enumerate(rows[1:], 2):
        if not any(cell.strip() for cell in row):
            continue
        cells = dict(zip(header, row, strict=False))
        label = _read_row(cells, kinds, f"{path}, row {number}")
        if label is None:
            continue
        if label.item in labels:
            raise AuditError(f"{path}, row {number}, item: {label.item!r} is labelled twice. Keep one row of it.")
        labels[label.item] = label
    return list(labels.values())


def _decode(path: Path) -> str:
    data = path.read_bytes()
    try:
        return data.decode("utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig")
    except UnicodeDecodeError:
        raise AuditError(
            f"{path}: this is no text in UTF-8. Save the sheet as “CSV UTF-8” and read it again."
        ) from None


def _parse(text: str, path: Path) -> list[list[str]]:
    first = text.splitlines()[0] if text.strip() else ""
    separator = max(SEPARATORS, key=first.count)
    csv.field_size_limit(max(csv.field_size_limit(), len(text) + 1))
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True))
    except csv.Error as error:
        raise AuditError(
            f"{path}: this is no CSV ({error}). Save the sheet as “CSV UTF-8” and read it again."
        ) from None
    if not rows or not any(rows[0]):
        raise AuditError(f"{path}, row 1: there is no header. Keep the one that `candor audit draw` wrote.")
    return rows


def _read_row(cells: dict[str, str], kinds: dict[str, str], where: str) -> Label | None:
    filled = {column: cells.get(column, "").strip() for column in FILL}
    if not any(filled.values()):
        return None
    item = cells.get("item", "").strip()
    if not item:
        raise AuditError(f"{where}, item: empty, but other columns are filled. Copy its name from the sheet drawn.")
    if item not in kinds:
        raise AuditError(f"{where}, item: {item!r} is not in this audit. Is it the sheet of another one (--name)?")
    if not filled["mentions"]:
        raise AuditError(f"{where}, mentions: empty, but other columns are filled. Write yes, no, or ? if unclear.")
    mentions = _read_answer(filled["mentions"], f"{where}, mentions")
    derives: bool | None = False
    if kinds[item] == COMPUTED:
        if filled["derives"].casefold() not in NOTHING:
            derives = _read_answer(filled["derives"], f"{where}, derives")
        elif not mentions:
            raise AuditError(f"{where}, derives: empty, but the hint is a computation. Write yes, no, or ? if unclear.")
        else:
            derives = None
    elif filled["derives"].casefold() not in NOTHING | NO:
        raise AuditError(
            f"{where}, derives: {filled['derives']!r}, but only a hint of kind {COMPUTED} can be derived; this one is "
            f"{kinds[item]}. Leave it empty."
        )
    return make_label(item, kinds[item], mentions, derives, _read_relies(filled["relies"], where), filled["note"])


def _read_answer(value: str, where: str) -> bool | None:
    word = value.casefold()
    if word in YES | NO:
        return word in YES
    if word in UNCLEAR:
        return None
    raise AuditError(f"{where}: {value!r} is not understood. Write yes, no, or ? if unclear.")


def _read_relies(value: str, where: str) -> str | None:
    word = value.casefold()
    if word in NOTHING | UNCLEAR:
        return None
    if word in YES | NO:
        return RELIES[0] if word in YES else RELIES[1]
    if word in (RELIES[2], "reject"):
        return RELIES[2]
    raise AuditError(f"{where}, relies: {value!r} is not understood. Write {', '.join(RELIES)}, or leave it empty.")
