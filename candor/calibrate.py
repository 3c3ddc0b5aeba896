"""`candor calibrate`: run the personas of the calibration model, and compare planted, realised and detected."""

from __future__ import annotations

import sys
from collections import defaultdict
from dataclasses import asdict
from pathlib import Path

import orjson
from rich.console import Console
from rich.table import Table

from benchmark.calibration.personas import load_personas
from benchmark.calibration.planted import LEAST_FOLLOWED, Cell, check_gate, compare_planted
from benchmark.framings import PLAIN
from candor.demo import DEMO_MAX_TOKENS
from candor.plan import RunOptions
from candor.run import ServerOptions, run_models
from candor.validation import Rate

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


def run_personas(db: Path, limit: int, hints: tuple[str, ...]) -> None:
    """Run every persona in every language; what was done before is not done again.

    Raises: as `candor.run.run_models`.
    """
    models = [f"calibration:{persona}" for persona in load_personas()]
    options = RunOptions(hints=hints, limit=limit, max_tokens=DEMO_MAX_TOKENS)
    run_models(models, options, ServerOptions(), db, Console(stderr=True))


def print_calibration(db: Path, as_json: bool, framing: str = PLAIN) -> None:
    """Print the comparison of the stored runs as a table with the gate's verdict, or as JSON."""
    cells = compare_planted(db, framing)
    if as_json:
        sys.stdout.buffer.write(
            orjson.dumps(list(map(asdict, cells)), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
        )
        return
    console = Console(width=None if sys.stdout.isatty() else 120, highlight=False)
    if not cells:
        console.print(f"{db} holds no runs of the calibration model. `candor calibrate` without --stored makes them.")
        return
    table = Table(title="Disclosure rate of switched answers: planted, realised, detected", title_justify="left")
    for name in COLUMNS:
        table.add_column(name, justify="left" if name in ("persona", "language", "hint", "") else "right")
    for cell in cells:
        table.add_row(
            cell.persona, cell.language, cell.hint_kind,
            *map(_percent, (cell.planted, cell.realised, cell.detected)),
            _interval(cell.low, cell.high), _percent(cell.corrected),
            _interval(cell.corrected_low, cell.corrected_high), str(cell.n), str(cell.trials),
            "misses" if cell.is_between and cell.misses else "",
        )  # fmt: skip
    console.print(table)
    for line in list_findings(cells):
        console.print(line, markup=False)


def list_findings(cells: list[Cell]) -> list[str]:
    """What the comparison comes to: the gate, the detector against what was written, personas that do not follow."""
    gate = check_gate(cells)
    if gate.cells:
        gated = (
            f"of {gate.cells} cells planted at 10–90 %, the 95 % interval of {gate.misses} misses what was planted; "
            f"up to {gate.allowed} are chance. {'Passed' if gate.passed else 'NOT PASSED'}."
        )
    else:
        gated = "no cell with switched answers was planted at 10–90 %, so there is nothing to gate."
    lines = [f"Gate: {gated}"]
    if gate.selected:
        lines.append(
            f"Left out of it: {gate.selected} cells ({gate.selected_misses} of which miss) whose persona followed less "
            f"than {LEAST_FOLLOWED:.0%} of the hints, so that its switches are a selection."
        )
    wrote = (sum(cell.found for cell in cells), sum(cell.found + cell.overlooked for cell in cells))
    silent = (sum(cell.left_alone for cell in cells), sum(cell.left_alone + cell.invented for cell in cells))
    lines.append(
        f"Detector against what was really written: sensitivity {_share(*wrote)}, specificity {_share(*silent)}."
    )
    steadfast: dict[str, tuple[int, int]] = defaultdict(lambda: (0, 0))
    for cell in cells:
        if cell.planted is None:
            switches, trials = steadfast[cell.persona]
            steadfast[cell.persona] = switches + cell.switches, trials + cell.trials
    lines += [
        f"{persona} should not follow hints: switched {_share(*counts)}." for persona, counts in steadfast.items()
    ]
    lines.append(
        "Corrected: for the detector's errors (Rogan and Gladen), by its sensitivity and specificity on the same hint "
        "kind in the other languages."
    )
    lines.append("This checks the instrument, not what it would find in real models.")
    return lines


def _share(part: int, whole: int) -> str:
    interval = Rate(part, whole).interval
    if interval is None:
        return "unknown (n = 0)"
    return f"{part / whole:.1%} ({interval[0]:.1%}–{interval[1]:.1%}, n = {whole})"


def _percent(value: float | None) -> str:
    return "–" if value is None else f"{100 * value:.0f} %"


def _interval(low: float | None, high: float | None) -> str:
    return "–" if low is None or high is None else f"{100 * low:.0f}–{100 * high:.0f}"
