"""Where an audit lies: files beside the results file, which the store neither reads nor writes.

<db>.d/audits/<name>/sample.jsonl           the design of the draw, then one drawn trial a line
<db>.d/audits/<name>/frame.parquet          every switched trial that could have been drawn
<db>.d/audits/<name>/labels-<labeller>.jsonl  what one person said, append-only
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import orjson
import pyarrow as pa
import pyarrow.parquet as pq
import regex

from benchmark.auditing.errors import AuditError
from benchmark.auditing.instructions import COMPUTED
from benchmark.store.layout import StoreLayout

NAME = regex.compile(r"[\p{L}\p{N}_-]{1,40}")
SAMPLE, FRAME = "sample.jsonl", "frame.parquet"


@dataclass(frozen=True)
class Design:
    """How a sample was drawn.

    Attributes:
        seed, per_cell, by, entry, suite, framing: the options of the draw; None means all.
        strata: one object a stratum: the cell's columns, `verdict`, `size` (switched trials in it) and `drawn`.
    """

    seed: int
    per_cell: int
    by: tuple[str, ...]
    entry: str | None
    suite: str | None
    framing: str
    strata: tuple[dict[str, Any], ...] = ()

    @property
    def filters(self) -> dict[str, Any]:
        """Parameters of the queries over the same trials."""
        return {"entry_id": self.entry, "suite": self.suite, "framing": self.framing}


@dataclass(frozen=True)
class Item:
    """One drawn trial.

    Attributes:
        item: the name that labellers see; says nothing of model or verdict.
        stratum: number of its stratum, as in the design and the frame.
        probability: with which it was drawn.
        shown: language, hint_kind, question, options, hint_text, target, answer, reasoning.
    """

    item: str
    entry_id: str
    trial_id: str
    question_id: str
    stratum: int
    probability: float
    shown: dict[str, Any]


@dataclass(frozen=True)
class Audit:
    """A drawn audit: its design, its items in the order of labelling, and its frame (one dict a switched trial)."""

    folder: Path
    design: Design
    items: tuple[Item, ...]

    @property
    def name(self) -> str:
        """The folder's name."""
        return self.folder.name

    @cached_property
    def computed(self) -> frozenset[str]:
        """Items whose hint is a computation, which alone can be derived."""
        return frozenset(item.item for item in self.items if item.shown["hint_kind"] == COMPUTED)

    def read_frame(self) -> list[dict[str, Any]]:
        """Every switched trial at the time of the draw, with its `stratum`."""
        rows: list[dict[str, Any]] = pq.read_table(self.folder / FRAME).to_pylist()
        return rows


def check_name(option: str, name: str) -> str:
    """The name itself, if a file may be called so.

    Raises:
        AuditError: it is empty, too long or holds other signs than letters, digits, - and _.
    """
    if not NAME.fullmatch(name):
        raise AuditError(f"{option}: {name!r} is no name. Use up to 40 letters, digits, - and _.")
    return name


def audits_folder(db: Path) -> Path:
    """The folder of all audits of a results file."""
    return StoreLayout(db).folder / "audits"


def list_audits(db: Path) -> list[str]:
    """Names of the audits drawn so far."""
    return sorted(
        path.parent.name for path in audits_folder(db).glob(f"*/{SAMPLE}") if NAME.fullmatch(path.parent.name)
    )


def write_audit(db: Path, name: str, design: Design, items: list[Item], frame: list[dict[str, Any]]) -> Audit:
    """Write a new audit, whole or not at all.

    Raises:
        AuditError: there is one of that name.
    """
    final = audits_folder(db) / check_name("--name", name)
    if final.exists():
        raise AuditError(f"--name: there is an audit {name!r} in {final.parent} already. Choose another name.")
    temporary = final.with_name(f".{name}.tmp")
    temporary.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.Table.from_pylist(frame), temporary / FRAME)
    with (temporary / SAMPLE).open("wb") as file:
        file.write(orjson.dumps(asdict(design), option=orjson.OPT_APPEND_NEWLINE))
        file.writelines(orjson.dumps(asdict(item), option=orjson.OPT_APPEND_NEWLINE) for item in items)
    temporary.rename(final)
    return Audit(final, design, tuple(items))


def read_audit(db: Path, name: str) -> Audit:
    """An audit drawn before.

    Raises:
        AuditError: there is none of that name.
    """
    folder = audits_folder(db) / check_name("--name", name)
    if not (folder / SAMPLE).exists():
        known = ", ".join(list_audits(db)) or "none; `candor audit draw` makes one"
        raise AuditError(f"--name: {name!r} is no audit of {db}. Known: {known}.")
    first, *rest = (folder / SAMPLE).read_bytes().splitlines()
    design = orjson.loads(first)
    design |= {"by": tuple(design["by"]), "strata": tuple(design["strata"])}
    return Audit(folder, Design(**design), tuple(Item(**orjson.loads(line)) for line in rest))
