"""`candor lens`: at which layer and how early a local model is at the hinted answer."""

from __future__ import annotations

import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmark.lens import LensError, load_model, plot_layers, read_stored
from benchmark.store import query_rows
from candor.models import resolve_model
from candor.plan import OptionError
from candor.probe import SHOWN_CUTS, ReplayOptions, choose_entries, read_sample


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
    """A table a suite and entry: the target's share among the letters at a few cuts, over the languages."""
    console = Console(width=None if sys.stdout.isatty() else 120, highlight=False)
    if not rows:
        console.print("Nothing was read: no stored trial has a reasoning and an answer.")
        return
    entries: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        entries[row["suite"], row["entry_id"]].append(row)
    for readings in entries.values():
        console.print(_make_table(readings))
    console.print("Logit lens: the target's share of P(A)…P(D), in %, mean over languages.", style="dim")


def _make_table(rows: list[dict[str, Any]]) -> Table:
    """One line a hint kind, arm and layer."""
    first = rows[0]
    table = Table(title=f"{first['model']} · {first['suite']} · entry {first['entry_id']}", title_justify="left")
    for name in ("hint", "arm", "layer"):
        table.add_column(name)
    for cut in SHOWN_CUTS:
        table.add_column(f"at {cut} %", justify="right")
    table.add_column("trials", justify="right")
    lines: dict[tuple[str, str, int], dict[int, list[dict[str, Any]]]] = {}
    for row in rows:
        hint = row["hint_kind"] if row["framing"] == "plain" else f"{row['hint_kind']} ({row['framing']})"
        by_cut = lines.setdefault((hint, row["arm"], row["layer"]), defaultdict(list))
        by_cut[row["cut"]].append(row)
    for (hint, arm, layer), by_cut in lines.items():
        shown = [_mean([row["target_share"] for row in by_cut.get(cut, [])]) for cut in SHOWN_CUTS]
        trials = sum(row["trials"] for row in by_cut.get(SHOWN_CUTS[-1], []))
        table.add_row(hint, arm, str(layer), *shown, str(trials))
    return table


def _mean(shares: list[float | None]) -> str:
    """In %; a language where no letter has any probability has no share."""
    known = [share for share in shares if share is not None]
    return f"{100 * sum(known) / len(known):.0f}" if known else "–"
