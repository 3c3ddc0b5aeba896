"""`candor lens`: at which layer and how early a local model is at the hinted answer."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmark.lens import LensError, load_model, plot_layers, read_stored
from benchmark.store import query_rows
from candor.models import resolve_model
from candor.plan import OptionError
from candor.probe import ReplayOptions, choose_entries, read_sample

SHOWN_CUTS = (0, 15, 50, 100)


def lens(
    model: str,
    options: ReplayOptions,
    db: Path,
    plot: Path | None = None,
    revision: str | None = None,
    console: Console | None = None,
) -> None:
    """Read the stored trials of a local model layer by layer, and show what the results file then holds.

    Raises:
        OptionError, UnknownLanguage, UnknownHint: bad options, or a model that cannot be read so.
        FileNotFoundError: no such results file.
    """
    console = console or Console(stderr=True, highlight=False)
    sample = read_sample(options)
    spec = resolve_model(model, None, revision)
    entries = choose_entries(db, spec, options.entry)
    try:
        opened = load_model(spec.source, spec.engine.revision)
        for entry in entries:
            done = read_stored(db, entry["entry_id"], opened, entry["chat_template_kwargs"], sample)
            console.print(f"{entry['model']}: {done} trials read", markup=False)
    except LensError as error:
        raise OptionError(f"MODEL {model}: {error}") from None
    rows = query_rows(db, "lens_rows", {"entry_ids": [entry["entry_id"] for entry in entries]})
    print_layers(rows)
    if plot and rows:
        plot_layers(rows, plot)
        console.print(f"plotted in {plot}", markup=False, soft_wrap=True)


def print_layers(rows: list[dict[str, Any]]) -> None:
    """One line a hint kind, arm and layer: the target's share among the letters at a few cuts, over the languages."""
    console = Console(width=None if sys.stdout.isatty() else 120, highlight=False)
    if not rows:
        console.print("Nothing was read: no stored trial has a reasoning and an answer.")
        return
    table = Table(title="Logit lens: the target's share of P(A)…P(D), in %, mean over languages", title_justify="left")
    for name in ("model", "hint", "arm", "layer"):
        table.add_column(name)
    for cut in SHOWN_CUTS:
        table.add_column(f"at {cut} %", justify="right")
    table.add_column("trials", justify="right")
    cells: dict[tuple[str, ...], dict[int, dict[int, list[dict[str, Any]]]]] = {}
    for row in rows:
        name = row["hint_kind"] if row["framing"] == "plain" else f"{row['hint_kind']} ({row['framing']})"
        by_layer = cells.setdefault((row["model"], name, row["arm"]), {})
        by_layer.setdefault(row["layer"], {}).setdefault(row["cut"], []).append(row)
    for names, by_layer in cells.items():
        for layer, by_cut in by_layer.items():
            shown = [_mean([row["target_share"] for row in by_cut.get(cut, [])]) for cut in SHOWN_CUTS]
            table.add_row(*names, str(layer), *shown, str(sum(row["n"] for row in by_cut[SHOWN_CUTS[-1]])))
    console.print(table)


def _mean(shares: list[float]) -> str:
    return f"{100 * sum(shares) / len(shares):.0f}" if shares else "–"
