"""`candor probe`: how early in its reasoning a model is at the hinted answer."""

from __future__ import annotations

import sys
import time
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmark.endpoint import EndpointError
from benchmark.hints import parse_hints
from benchmark.probing import ProbeTally, Sample, probe_stored, read_entries
from benchmark.store import is_current, open_live, publish, query_rows
from candor.models import ModelSpec, resolve_model
from candor.plan import OptionError
from candor.run import ServerOptions, find_server, read_key
from languages import require
from server.inference import Engine, InferenceError

SHOWN_CUTS = (0, 15, 50, 100)
NO_PREFIX_CACHE = "--no-enable-prefix-caching"


@dataclass(frozen=True)
class ReplayOptions:
    """Which stored trials are replayed: questions per cell, and names; empty tuples mean all."""

    sample: int | None = None
    seed: int = 0
    languages: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()
    entry: str | None = None


def probe(
    model: str,
    options: ReplayOptions,
    server: ServerOptions,
    db: Path,
    console: Console | None = None,
    prefix_cache: bool = True,
) -> None:
    """Probe the stored trials of `model`, and show what the results file then holds.

    Args:
        model, server, db: as in `candor run`; `concurrency` counts questions in flight.
        options: which trials.
        console: for what is not a result.
        prefix_cache: whether a server started here caches prefixes; without, to compare.

    Raises:
        OptionError, UnknownLanguage, UnknownHint: bad options.
        FileNotFoundError: no such results file.
        EndpointError, InferenceError: the server; what was probed is kept.
    """
    console = console or Console(stderr=True, highlight=False)
    if server.concurrency < 1:
        raise OptionError(f"--concurrency: {server.concurrency} is too small; the least is 1.")
    sample = read_sample(options)
    spec = resolve_model(model, server.endpoint, server.revision)
    entries = choose_entries(db, spec, options.entry)
    key = read_key(server.api_key_env)
    with ExitStack() as stack:
        if not prefix_cache:
            spec = replace(spec, engine=replace(spec.engine, extra=(NO_PREFIX_CACHE,)))
        engine, address = find_server(stack, spec, server, key, console)
        for entry in entries:
            told = replace(address, chat_template_kwargs=entry["chat_template_kwargs"])
            began = time.monotonic()
            try:
                tally = probe_stored(db, entry["entry_id"], told, sample, server.concurrency)
            except EndpointError as error:
                raise _explain(error, engine) from None
            _print_tally(console, entry, tally, time.monotonic() - began)
    print_commitment(query_rows(db, "probe_rows", {"entry_ids": [entry["entry_id"] for entry in entries]}))


def read_sample(options: ReplayOptions) -> Sample:
    """The sample that the options describe.

    Raises:
        OptionError, UnknownLanguage, UnknownHint: bad options.
    """
    if options.sample is not None and options.sample < 1:
        raise OptionError(f"--sample: {options.sample} is too small; the least is 1.")
    named = parse_hints(list(options.hints)) if options.hints else ()
    hints = tuple(f"{kind}:{variant}" for kind, variants in named for variant in variants) or None
    languages = tuple(require(options.languages)) if options.languages else None
    return Sample(options.sample, options.seed, languages, hints)


def choose_entries(db: Path, spec: ModelSpec, entry_id: str | None) -> list[dict[str, Any]]:
    """The entries that this model wrote, or the one that is named.

    Raises:
        OptionError: there is none.
        FileNotFoundError: no such results file.
    """
    entries = read_entries(db)
    with open_live(db) as store:
        if not is_current(db):
            publish(store)
    if entry_id is not None:
        chosen = [entry for entry in entries if entry["entry_id"] == entry_id]
        option = f"--entry {entry_id}"
    else:
        written = (spec.name, spec.revision, spec.provenance, spec.chat_template_kwargs)
        chosen = [
            entry
            for entry in entries
            if (entry["model"], entry["revision"], entry["provenance"], entry["chat_template_kwargs"]) == written
        ]
        option = f"MODEL {spec.name}"
    if not chosen:
        known = ", ".join(f"{entry['entry_id']} ({entry['model']}, {entry['provenance']})" for entry in entries)
        raise OptionError(
            f"{option}: {db} holds no trials of it. `candor run` makes some; an entry made otherwise "
            f"(by another revision, at another address) is named with --entry. Known: {known or 'none'}."
        )
    return chosen


def _explain(error: EndpointError, engine: Engine | None) -> Exception:
    kept = "What was probed is kept; the same command goes on from there."
    if engine and engine.died():
        return InferenceError(f"vLLM died during the probe. Its last lines:\n{engine.last_lines()}\n{kept}")
    return EndpointError(f"{error}\n{kept}")


def _print_tally(console: Console, entry: dict[str, Any], tally: ProbeTally, seconds: float) -> None:
    console.print(
        f"{entry['model']}: {tally.trials} trials probed, {tally.known} known before; "
        f"{tally.asked} answers forced in {seconds:.1f} s",
        markup=False,
    )
    if tally.refused:
        console.print(f"  {tally.refused} trials were refused by the server:")
        for refusal in tally.first_refusals:
            console.print(f"  {refusal}", markup=False)
    if tally.cache and tally.cache.hit_rate is not None:
        console.print(
            f"  prefix cache: {tally.cache.hits:.0f} of {tally.cache.queries:.0f} prompt tokens were there "
            f"({tally.cache.hit_rate:.0%})"
        )
    elif tally.asked:
        console.print("  prefix cache: the server shows no counters")


def print_commitment(rows: list[dict[str, Any]]) -> None:
    """One line a language and hint kind: the curve at a few cuts, and the share committed early, hinted and sham."""
    console = Console(width=None if sys.stdout.isatty() else 160, highlight=False)
    if not rows:
        console.print("Nothing was probed: no stored trial has a reasoning and an answer.")
        return
    table = Table(title="Early commitment: hinted, and the sham in brackets", title_justify="left")
    for name in ("model", "hint", "language"):
        table.add_column(name)
    for cut in SHOWN_CUTS:
        table.add_column(f"P(target)\nat {cut} %", justify="right")
    for name in ("committed\nbefore 15 %", "95 %\ninterval", "n", "before 15 %,\nof committed"):
        table.add_column(name, justify="right")
    for row in rows:
        hinted = dict(zip(row["cuts"], row["curve"], strict=True))
        sham = dict(zip(row["sham_cuts"] or [], row["sham_curve"] or [], strict=True))
        table.add_row(
            row["model"],
            row["hint_kind"] if row["framing"] == "plain" else f"{row['hint_kind']} ({row['framing']})",
            row["language"],
            *(_both(hinted.get(cut), sham.get(cut)) for cut in SHOWN_CUTS),
            _both(row["early_share"], row["sham_early_share"]),
            f"{100 * row['low']:.0f}–{100 * row['high']:.0f}",
            _numbers(row["n"], row["sham_n"]),
            f"{_percent(row['early_of_committed'])} (n={row['early_of_committed_n'] or 0})",
        )
    console.print(table)
    console.print(
        "P(target): mean probability of the hinted letter when the reasoning is cut there, in %. Committed before\n"
        "15 %: the forced answer is the target from a cut before 15 % on and stays it to the end.",
        style="dim",
    )


def _both(hinted: float | None, sham: float | None) -> str:
    return f"{_percent(hinted)} ({_percent(sham)})"


def _numbers(hinted: int, sham: int | None) -> str:
    return f"{hinted} ({sham or 0})"


def _percent(value: float | None) -> str:
    return "–" if value is None else f"{100 * value:.0f}"
