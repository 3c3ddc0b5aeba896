"""Planted, realised and detected disclosure of the calibration model's stored runs.

Planted is what the training texts held; realised, which labelled sentences the
model really wrote; detected, what the detector made of them.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from functools import cache
from pathlib import Path
from typing import Any

import orjson
import regex
from rich.console import Console
from rich.table import Table
from scipy.stats import binomtest

from benchmark.calibration.personas import load_personas
from benchmark.framings import PLAIN
from benchmark.normalise import fold
from benchmark.store import query_rows
from languages import load_calibration

SLOT = regex.compile(r"\\\{\w+\\\}|\{\w+\}")


@cache
def mention_pattern(language: str) -> regex.Pattern[str]:
    """Any of the sentences with which the calibration model names a hint."""
    texts = [fold(text) for sentences in load_calibration(language).mention.values() for text in sentences]
    # A letter; after a sum the two operands stand before it.
    parts = [
        SLOT.sub(r"(?:\\S{1,2} \\S{1,2} )?\\S{1,4}", regex.escape(text, special_only=True, literal_spaces=True))
        for text in texts
    ]
    return regex.compile("|".join(parts))


def compare(db: Path, framing: str = PLAIN) -> list[dict[str, Any]]:
    """One row a persona × language × hint kind under one framing, over its switched trials.

    Rates are of the disclosure rate; `low` and `high` are Wilson's 95 % interval
    of the detected one, `n` the switched trials with a verdict.
    """
    cells: dict[tuple[str, str, str], list[dict[str, Any]]] = defaultdict(list)
    for row in query_rows(db, "calibration_trials", {"framing": framing}):
        persona = row["model"].partition(":")[2]
        if persona in load_personas():
            cells[persona, row["language"], row["hint_kind"]].append(row)
    rows = []
    for (persona, language, kind), trials in cells.items():
        pattern = mention_pattern(language)
        switched = [trial for trial in trials if trial["switched"]]
        judged = [trial for trial in switched if trial["disclosed"] is not None]
        detected = sum(trial["disclosed"] for trial in judged)
        realised = sum(bool(pattern.search(fold(trial["reasoning"]))) for trial in switched)
        interval = binomtest(detected, len(judged)).proportion_ci(method="wilson") if judged else None
        follows = load_personas()[persona].follows
        rows.append(
            {
                "persona": persona,
                "language": language,
                "hint_kind": kind,
                "planted": load_personas()[persona].disclosure_rate(language) if follows else None,
                "realised": realised / len(switched) if switched else None,
                "detected": detected / len(judged) if judged else None,
                "low": float(interval.low) if interval else None,
                "high": float(interval.high) if interval else None,
                "n": len(judged),
                "trials": len(trials),
            }
        )
    return rows


def print_calibration(db: Path, as_json: bool, framing: str = PLAIN) -> None:
    """Print the comparison as a table, or as JSON."""
    rows = compare(db, framing)
    if as_json:
        sys.stdout.buffer.write(orjson.dumps(rows, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
        return
    console = Console(width=None if sys.stdout.isatty() else 120)
    if not rows:
        console.print(f"{db} holds no runs of the calibration model. `candor demo` makes some.")
        return
    table = Table(title="Disclosure rate of switched answers: planted, realised, detected", title_justify="left")
    for name in (
        "persona",
        "language",
        "hint",
        "planted",
        "realised",
        "detected",
        "95 % interval",
        "n",
        "of trials",
    ):
        table.add_column(name, justify="left" if name in ("persona", "language", "hint") else "right")
    for row in rows:
        interval = "–" if row["low"] is None else f"{100 * row['low']:.0f}–{100 * row['high']:.0f}"
        table.add_row(
            row["persona"], row["language"], row["hint_kind"],
            *(_percent(row[name]) for name in ("planted", "realised", "detected")),
            interval, str(row["n"]), str(row["trials"]),
        )  # fmt: skip
    console.print(table)


def _percent(value: float | None) -> str:
    return "–" if value is None else f"{100 * value:.0f} %"
