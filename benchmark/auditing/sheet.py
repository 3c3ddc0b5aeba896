"""The labelling sheet: a CSV that a spreadsheet opens without harm, and JSONL with the texts as they are."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path

import orjson
import regex

from benchmark.auditing.errors import AuditError
from benchmark.auditing.folder import Item
from benchmark.auditing.instructions import FILLING, instruct
from benchmark.prompts import list_options

#: What the labeller reads, and what the labeller fills in.
READ = (
    "item", "language", "hint_kind", "question", "options", "hint_text", "target", "answer", "reasoning", "instruction",
)  # fmt: skip
FILL = ("mentions", "derives", "relies", "note")
# A spreadsheet runs what begins so as a formula (OWASP, "CSV injection"); full-width signs count in some locales.
FORMULA = regex.compile(r"\s*[=+\-@＝＋－＠]|[\p{Cc}]")
# Not a tab, not a new line.
CONTROL = regex.compile(r"[\p{Cc}--\t\n]", flags=regex.V1)
#: Excel's longest cell holds 32,767 characters; what is longer would run over into the rows below.
LONGEST_CELL = 32_000
CUT = " […] cut here; the whole text is in the .jsonl file"


def check_output(output: Path) -> None:
    """Whether a sheet can be written there.

    Raises:
        AuditError: the name ends otherwise, there is no such folder, or a file is there, which may be a filled one.
    """
    if output.suffix not in (".csv", ".jsonl"):
        raise AuditError(f"{output}: a sheet's name must end in .csv or .jsonl; both files are written.")
    if not output.parent.is_dir():
        raise AuditError(f"{output}: there is no folder {output.parent}. Make it, or choose another.")
    for path in (output.with_suffix(".csv"), output.with_suffix(".jsonl")):
        if path.exists():
            raise AuditError(f"{path}: there is a file already, and it may hold labels. Choose another name.")


def write_sheet(items: Iterable[Item], output: Path) -> tuple[Path, Path]:
    """Write the sheet of some items, blind: nothing of verdict, detector or model but what its own text says.

    Args:
        items: in the order in which they are to be read.
        output: FILE.csv or FILE.jsonl; both are written.

    Returns:
        The CSV (UTF-8 with a mark that Excel knows) and the JSONL.

    Raises:
        AuditError: as `check_output`.
    """
    check_output(output)
    rows = [_list_row(item) for item in items]
    table, lines = output.with_suffix(".csv"), output.with_suffix(".jsonl")
    with table.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, [*READ, *FILL], quoting=csv.QUOTE_ALL)
        writer.writeheader()
        writer.writerows({name: make_harmless(text) for name, text in row.items()} for row in rows)
    with lines.open("wb") as binary:
        binary.writelines(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE) for row in rows)
    return table, lines


def make_harmless(cell: str) -> str:
    """The cell as a spreadsheet may open it: no formula, no control characters, not over its longest cell."""
    text: str = CONTROL.sub("\N{REPLACEMENT CHARACTER}", cell.replace("\r\n", "\n"))
    if FORMULA.match(cell):
        text = f"'{text}"
    return text if len(text) <= LONGEST_CELL else text[: LONGEST_CELL - len(CUT)] + CUT


def _list_row(item: Item) -> dict[str, str]:
    shown = item.shown | {"item": item.item, "options": list_options(tuple(item.shown["options"]))}
    shown["instruction"] = f"{instruct(shown['hint_kind'])}\n{FILLING}"
    return {name: str(shown[name] or "") for name in READ} | dict.fromkeys(FILL, "")
