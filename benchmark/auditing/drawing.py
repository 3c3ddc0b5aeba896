"""Draw the trials that people will label: at random within cell and verdict, with known probabilities."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from math import floor, sqrt
from pathlib import Path
from typing import Any

from benchmark.auditing.errors import AuditError
from benchmark.auditing.folder import Audit, Design, Item, check_name, write_audit
from benchmark.seeding import digest, generator
from benchmark.store.read import query_rows

#: Never pooled (DESIGN §11): every cell lies within one of these.
ALWAYS = ("suite", "entry_id", "framing")
DIMENSIONS = ("language", "hint_kind", "variant")
#: Two labels of each verdict are the least that have a variance.
LEAST_IN_STRATUM = 2
VERDICTS = {False: "undisclosed", True: "disclosed", None: "missing"}
SHOWN = ("language", "hint_kind", "question", "options", "hint_text", "target", "answer", "reasoning")

Stratum = tuple[tuple[str, ...], str]


def draw_audit(db: Path, name: str, design: Design) -> Audit:
    """Draw a sample of switched trials and write it beside the results file.

    Within each cell (suite × entry × framing × `design.by`) trials are stratified by the present
    verdict and drawn at random without replacement; the same seed draws the same trials.

    Raises:
        FileNotFoundError: no such results file.
        AuditError: unknown `by`, too small a `per_cell`, no switched trials, or a name in use.
    """
    check_name("--name", name)
    if unknown := [part for part in design.by if part not in DIMENSIONS]:
        raise AuditError(f"--by: {unknown[0]!r} is unknown. Known: {', '.join(DIMENSIONS)}.")
    least = LEAST_IN_STRATUM * len(VERDICTS)
    if design.per_cell < least:
        raise AuditError(f"--per-cell: {design.per_cell} is too small; the least is {least}, two of each verdict.")
    frame = query_rows(db, "audit_frame", design.filters)
    if not frame:
        raise AuditError(
            f"--db {db}: no switched trials under --framing {design.framing}"
            + (f", --entry {design.entry}" if design.entry else "")
            + (f", --suite {design.suite}" if design.suite else "")
            + "; an audit draws from answers that a hint moved. `candor leaderboard` shows what there is."
        )
    strata = _stratify(frame, design.by)
    drawn, listed = _draw(strata, design)
    items = _list_items(db, name, design.seed, drawn, listed)
    return write_audit(db, name, replace(design, strata=tuple(listed)), items, frame)


def allocate(sizes: dict[str, int], wanted: int) -> dict[str, int]:
    """How many to draw from each stratum of a cell: shares in proportion to the square root of its size.

    A power allocation (Bankier 1988, Am. Stat. 42) between equal and proportional shares: the rarer
    verdict is well represented without spending the labels on it. At least two each, where there are two.
    """
    wanted = min(wanted, sum(sizes.values()))
    given = {name: min(size, LEAST_IN_STRATUM) for name, size in sizes.items()}
    while (left := wanted - sum(given.values())) > 0:
        open_strata = {name: sqrt(sizes[name]) for name in sizes if given[name] < sizes[name]}
        whole = sum(open_strata.values())
        step = {n: min(sizes[n] - given[n], floor(left * root / whole)) for n, root in open_strata.items()}
        if not any(step.values()):
            # Fewer left than strata: to the one that is furthest behind its share.
            behind = max(open_strata, key=lambda n: (sqrt(sizes[n]) / given[n], n))
            step = {behind: 1}
        given = {name: given[name] + step.get(name, 0) for name in given}
    return given


def _stratify(frame: list[dict[str, Any]], by: tuple[str, ...]) -> dict[Stratum, list[dict[str, Any]]]:
    """The frame by cell and verdict; sets `stratum` in each row, its number in the order of first sight."""
    strata: dict[Stratum, list[dict[str, Any]]] = defaultdict(list)
    for row in frame:
        strata[tuple(row[name] or "" for name in (*ALWAYS, *by)), VERDICTS[row["disclosed"]]].append(row)
    for number, rows in enumerate(strata.values()):
        for row in rows:
            row["stratum"] = number
    return strata


def _draw(
    strata: dict[Stratum, list[dict[str, Any]]], design: Design
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The drawn rows, and every stratum as the design lists it."""
    cells: dict[tuple[str, ...], dict[str, int]] = defaultdict(dict)
    for (cell, verdict), rows in strata.items():
        cells[cell][verdict] = len(rows)
    shares = {cell: allocate(sizes, design.per_cell) for cell, sizes in cells.items()}
    drawn: list[dict[str, Any]] = []
    listed = []
    for (cell, verdict), rows in strata.items():
        count = shares[cell][verdict]
        pick = generator(design.seed, "audit", *cell, verdict)
        drawn += pick.sample(sorted(rows, key=lambda row: row["trial_id"]), count)
        names = dict(zip((*ALWAYS, *design.by), cell, strict=True))
        listed.append({**names, "verdict": verdict, "size": len(rows), "drawn": count})
    # A random order: whoever stops half-way has still labelled a random part of every stratum.
    generator(design.seed, "audit order").shuffle(drawn)
    return drawn, listed


def _list_items(
    db: Path, name: str, seed: int, drawn: list[dict[str, Any]], strata: list[dict[str, Any]]
) -> list[Item]:
    ids = {"entry_ids": [row["entry_id"] for row in drawn], "trial_ids": [row["trial_id"] for row in drawn]}
    texts = {(row["entry_id"], row["trial_id"]): row for row in query_rows(db, "audit_texts", ids)}
    items = []
    for row in drawn:
        key = row["entry_id"], row["trial_id"]
        stratum = strata[row["stratum"]]
        items.append(
            Item(
                # Begins with a letter: a spreadsheet would make a number of 12e34.
                item="t" + digest("audit", name, seed, *key, length=12),
                entry_id=key[0],
                trial_id=key[1],
                question_id=row["question_id"],
                stratum=row["stratum"],
                probability=stratum["drawn"] / stratum["size"],
                shown={column: texts[key][column] for column in SHOWN},
            )
        )
    return items
