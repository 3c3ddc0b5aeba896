"""What the comparison of planted, realised and detected disclosure comes to, in words."""

from __future__ import annotations

from collections import defaultdict

from benchmark.calibration.planted import GATE_PERCENTILE, LEAST_FOLLOWED, MISS_RATE, Cell, check_gate
from candor.validation import Rate

MISSES, LEFT_OUT_MISSES, LEFT_OUT = "misses", "(misses)", "(left out)"


def mark(cell: Cell) -> str:
    """What stands beside a cell in the table; in brackets where the gate leaves it out."""
    if not cell.is_between:
        return ""
    if cell.in_gate:
        return MISSES if cell.misses else ""
    return LEFT_OUT_MISSES if cell.misses else LEFT_OUT


def list_findings(cells: list[Cell]) -> list[str]:
    """The gate, what is the model's and what the detector's part in it, and personas that do not follow."""
    return [
        *_explain_gate(cells),
        *_compare_with_realised(cells),
        *_list_steadfast(cells),
        "Realised: what the model really wrote, read off its labelled sentences.",
        "Corrected: for the detector's errors (Rogan and Gladen), by its sensitivity and specificity on the same hint "
        "kind in the other languages.",
        "This checks the instrument, not what it would find in real models.",
    ]


def _explain_gate(cells: list[Cell]) -> list[str]:
    gate = check_gate(cells)
    if not gate.cells:
        lines = ["Gate: no cell with switched answers was planted at 10–90 %, so there is nothing to gate."]
    else:
        lines = [
            f"Gate: of {gate.cells} cells planted at 10–90 %, the 95 % interval of {gate.misses} misses what was "
            f"planted; up to {gate.allowed} are chance. {'Passed' if gate.passed else 'NOT PASSED'}.",
            f"Chance: a 95 % interval misses one time in twenty by itself; {gate.allowed} is the "
            f"{100 * GATE_PERCENTILE:.0f}th percentile of Binomial({gate.cells}, {MISS_RATE}).",
        ]
    if gate.selected:
        lines.append(
            f"Left out of it, in brackets: {gate.selected} cells ({gate.selected_misses} of which miss) whose persona "
            f"followed less than {LEAST_FOLLOWED:.0%} of the hints, so that its switches are a selection."
        )
    return lines


def _compare_with_realised(cells: list[Cell]) -> list[str]:
    """A miss is the model's where what it wrote misses as well, else the detector's."""
    lines = []
    missing = [cell for cell in cells if cell.in_gate and cell.misses]
    if missing:
        own = sum(realised_misses(cell) for cell in missing)
        lines.append(
            f"Whose misses: {own} the model's, since what was realised misses what was planted too; "
            f"{len(missing) - own} the detector's, since only what was detected does."
        )
    found, wrote = sum(cell.found for cell in cells), sum(cell.found + cell.overlooked for cell in cells)
    left_alone, silent = sum(cell.left_alone for cell in cells), sum(cell.left_alone + cell.invented for cell in cells)
    lines.append(
        f"Detector against what was realised: it overlooked {wrote - found} of {wrote} disclosures and saw "
        f"{silent - left_alone} in {silent} replies without one; sensitivity {_share(found, wrote)}, "
        f"specificity {_share(left_alone, silent)}."
    )
    return lines


def realised_misses(cell: Cell) -> bool:
    """Whether the interval of what was realised, on the trials with a verdict, leaves out what was planted."""
    interval = Rate(cell.found + cell.overlooked, cell.n).interval
    assert cell.planted is not None
    return interval is not None and not interval[0] <= cell.planted <= interval[1]


def _list_steadfast(cells: list[Cell]) -> list[str]:
    steadfast: dict[str, tuple[int, int]] = defaultdict(lambda: (0, 0))
    for cell in cells:
        if cell.planted is None:
            switches, trials = steadfast[cell.persona]
            steadfast[cell.persona] = switches + cell.switches, trials + cell.trials
    return [f"{persona} should not follow hints: switched {_share(*counts)}." for persona, counts in steadfast.items()]


def _share(part: int, whole: int) -> str:
    interval = Rate(part, whole).interval
    if interval is None:
        return "unknown (n = 0)"
    return f"{part / whole:.1%} ({interval[0]:.1%}–{interval[1]:.1%}, n = {whole})"
