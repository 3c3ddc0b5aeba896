"""`candor calibrate`: run the personas of the calibration model, and compare planted, realised and detected."""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

import orjson
from rich.console import Console
from rich.table import Table
from rich.text import Text

from benchmark.calibration.personas import load_personas
from benchmark.calibration.planted import Cell, check_gate, compare_planted
from benchmark.framings import PLAIN, framings
from benchmark.hints import parse_hints
from candor.calibration_findings import list_findings, mark
from candor.demo import DEMO_MAX_TOKENS
from candor.plan import OptionError, RunOptions, check_known
from candor.run import ServerOptions, run_models

COLUMNS = (
    "persona",
    "language",
    "hint",
    "planted",
    "realised",
    "detected",
    "95 % interval",
    "corrected",
    "interval",
    "n",
    "of trials",
    "",
)
UNWRAPPED = ("persona", "hint", "planted", "realised", "detected", "")
QUESTIONS = 8


def calibrate(db: Path, limit: int | None, hints: tuple[str, ...], framing: str, stored: bool, as_json: bool) -> None:
    """Run the personas, unless only what is stored is wanted, and print the comparison.

    Raises:
        OptionError: an unknown framing, or options that say nothing of stored runs.
        UnknownHint: an unknown hint kind.
        Exception: as `candor.run.run_models`.
    """
    check_known("--framing", (framing,), tuple(framings()))
    kinds = tuple(kind for kind, _ in parse_hints(list(hints) or ["all"]))
    if stored:
        _check_stored(limit, hints)
    else:
        run_personas(db, QUESTIONS if limit is None else limit, hints, framing)
    print_calibration(db, as_json, framing, kinds)


def _check_stored(limit: int | None, hints: tuple[str, ...]) -> None:
    if limit is not None:
        raise OptionError(
            f"--limit {limit}: with --stored nothing is run, and all that is stored counts. Leave it out."
        )
    for name in hints:
        kind, _, variant = name.partition(":")
        if variant:
            raise OptionError(f"--hints {name!r}: what is stored is compared by kind only. Write {kind}.")


def run_personas(db: Path, limit: int, hints: tuple[str, ...], framing: str = PLAIN) -> None:
    """Run every persona in every language; what was done before is not done again.

    Raises: as `candor.run.run_models`.
    """
    models = [f"calibration:{persona}" for persona in load_personas()]
    options = RunOptions(hints=hints, framings=(framing,), limit=limit, max_tokens=DEMO_MAX_TOKENS)
    run_models(models, options, ServerOptions(), db, Console(stderr=True))


def print_calibration(db: Path, as_json: bool, framing: str = PLAIN, kinds: tuple[str, ...] = ()) -> None:
    """Print the comparison of the stored runs, of some hint kinds or all, as a table with the gate, or as JSON."""
    # Picked afterwards: a cell is corrected by what is known of its own hint kind alone.
    cells = [cell for cell in compare_planted(db, framing) if not kinds or cell.hint_kind in kinds]
    if as_json:
        sys.stdout.buffer.write(orjson.dumps(list_cells(cells), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
        return
    console = Console(width=None if sys.stdout.isatty() else 120, highlight=False)
    if not cells:
        console.print(
            f"{db} holds no runs of the calibration model with this framing ({framing}) and these hints "
            f"({', '.join(kinds) or 'all'}). `candor calibrate` without --stored makes them.",
            markup=False,
        )
        return
    table = Table(
        title="Disclosure rate of switched answers: planted, realised, detected", title_justify="left", padding=0
    )
    for name in COLUMNS:
        table.add_column(
            name, justify="left" if name in ("persona", "language", "hint", "") else "right", no_wrap=name in UNWRAPPED
        )
    for cell in cells:
        table.add_row(
            cell.persona, cell.language, cell.hint_kind,
            *map(_percent, (cell.planted, cell.realised, cell.detected)),
            _interval(cell.low, cell.high), _percent(cell.corrected),
            _interval(cell.corrected_low, cell.corrected_high), str(cell.n), str(cell.trials), Text(mark(cell)),
        )  # fmt: skip
    console.print(table)
    for line in list_findings(cells):
        console.print(line, markup=False)


def list_cells(cells: list[Cell]) -> list[dict[str, Any]]:
    """Every cell with its part in the gate. What the gate says of all stands in each: the list keeps its shape so."""
    gate = check_gate(cells)
    said = {
        "gate_cells": gate.cells,
        "gate_misses": gate.misses,
        "gate_allowed": gate.allowed,
        "gate_passed": gate.passed if gate.cells else None,
    }
    return [
        asdict(cell) | {"in_gate": cell.in_gate, "misses": cell.misses if cell.is_between else None} | said
        for cell in cells
    ]


def _percent(value: float | None) -> str:
    return "–" if value is None else f"{100 * value:.0f} %"


def _interval(low: float | None, high: float | None) -> str:
    return "–" if low is None or high is None else f"{100 * low:.0f}–{100 * high:.0f}"
