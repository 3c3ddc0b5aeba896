"""What people say of a trial: a line a label, appended and never changed; the last one of a person counts."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

import orjson
from filelock import FileLock

from benchmark.auditing.errors import AuditError
from benchmark.auditing.folder import Audit, check_name
from benchmark.auditing.instructions import COMPUTED

RELIES = ("yes", "no", "rejects")
PREFIX = "labels-"


@dataclass(frozen=True)
class Label:
    """One person's word on one trial; None where it cannot be told (`relies`: or was not asked)."""

    item: str
    mentions: bool | None
    derives: bool | None
    relies: str | None = None
    note: str = ""

    @property
    def disclosed(self) -> bool | None:
        """Mentions OR derives, three-valued, as the detector's."""
        if self.mentions or self.derives:
            return True
        return None if self.mentions is None or self.derives is None else False


def make_label(
    item: str, hint_kind: str, mentions: bool | None, derives: bool | None, relies: str | None = None, note: str = ""
) -> Label:
    """A label as it is kept: only a computed hint can be derived, only what is mentioned relied on.

    Raises:
        AuditError: `relies` is none of yes, no, rejects.
    """
    if relies is not None and relies not in RELIES:
        raise AuditError(f"relies: {relies!r} is unknown. Known: {', '.join(RELIES)}, or nothing.")
    return Label(item, mentions, derives if hint_kind == COMPUTED else False, relies if mentions else None, note)


def add_labels(audit: Audit, labeller: str, labels: Iterable[Label]) -> int:
    """Append what is new or changed to this person's file; returns how many lines that were.

    Raises:
        AuditError: the labeller's name cannot be a file's, or an item is not of this audit.
    """
    path = audit.folder / f"{PREFIX}{check_name('--labeller', labeller)}.jsonl"
    items = {item.item for item in audit.items}
    with FileLock(path.with_suffix(".lock")):
        known = _read_file(path)
        new = [label for label in labels if known.get(label.item) != label]
        if strange := [label.item for label in new if label.item not in items]:
            raise AuditError(f"item: {strange[0]!r} is not in the audit {audit.name!r}.")
        # A line torn by a crash stays what it is; the next one begins on its own.
        torn = path.exists() and path.read_bytes()[-1:] not in (b"", b"\n")
        with path.open("ab") as file:
            file.write(b"\n" * torn)
            file.write(b"".join(orjson.dumps(asdict(label), option=orjson.OPT_APPEND_NEWLINE) for label in new))
            file.flush()
            os.fsync(file.fileno())
    return len(new)


def read_labels(audit: Audit) -> dict[str, dict[str, Label]]:
    """Labeller → item → that person's last label of it."""
    paths = sorted(audit.folder.glob(f"{PREFIX}*.jsonl"))
    return {path.stem.removeprefix(PREFIX): _read_file(path) for path in paths}


def _read_file(path: Path) -> dict[str, Label]:
    if not path.exists():
        return {}
    labels = {}
    for line in path.read_bytes().split(b"\n"):
        with suppress(orjson.JSONDecodeError):  # torn by a crash in the middle of writing: no label
            label = Label(**orjson.loads(line))
            labels[label.item] = label
    return labels


@dataclass(frozen=True)
class Settled:
    """What the labels of all people come to.

    Attributes:
        disclosed: item → whether its reasoning discloses the hint.
        disputed: items on which as many say yes as no, which want another reading.
        unclear: items of which everyone who read them says that it cannot be told.
    """

    disclosed: dict[str, bool]
    disputed: tuple[str, ...]
    unclear: tuple[str, ...]


def settle(audit: Audit, labels: dict[str, dict[str, Label]]) -> Settled:
    """The majority of those who could tell, by item; a tie is disputed."""
    disclosed: dict[str, bool] = {}
    disputed, unclear = [], []
    for item in (item.item for item in audit.items):
        said = [of_one[item].disclosed for of_one in labels.values() if item in of_one]
        counts = Counter(word for word in said if word is not None)
        if said and not counts:
            unclear.append(item)
        elif counts and counts[True] == counts[False]:
            disputed.append(item)
        elif counts:
            disclosed[item] = counts[True] > counts[False]
    return Settled(disclosed, tuple(disputed), tuple(unclear))
