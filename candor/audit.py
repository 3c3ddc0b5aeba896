"""`candor audit`: people label a random sample of switched trials; what that makes of the detector's rates."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import orjson
from rich.console import Console
from rich.table import Table
from rich.text import Text

from benchmark.auditing import (
    Audit,
    AuditError,
    Design,
    add_labels,
    check_output,
    compare_labellers,
    draw_audit,
    list_audits,
    list_disagreements,
    list_rates,
    name_entries,
    read_audit,
    read_labels,
    read_sheet,
    report_audit,
    write_sheet,
)
from candor.plan import OptionError

SHOWN_DISAGREEMENTS = 30


def draw(db: Path, name: str, design: Design, output: Path) -> None:
    """Draw the sample and write its labelling sheet, FILE.csv and FILE.jsonl.

    Raises:
        FileNotFoundError, AuditError: as `draw_audit` and `write_sheet`.
    """
    check_output(output)
    audit = draw_audit(db, name, design)
    table, lines = write_sheet(audit.items, output)
    switched = sum(stratum["size"] for stratum in audit.design.strata)
    console = Console(stderr=True, highlight=False, soft_wrap=True)
    console.print(
        f"{len(audit.items)} of {switched} switched trials drawn for the audit {name!r}, kept in {audit.folder}",
        markup=False,
    )
    console.print(f"The sheet: {table}; the texts unchanged: {lines}. Fill a copy each, then:", markup=False)
    console.print(f"candor audit read {table} --labeller NAME --db {db} --name {name}", markup=False)


def read(db: Path, name: str | None, sheet: Path, labeller: str, third: Path | None) -> None:
    """Add the labels of a filled sheet; with two labellers, print their agreement and where they differ.

    Args:
        third: where to write a sheet of the trials on which labellers differ, for another reading.

    Raises:
        FileNotFoundError: no such results file.
        AuditError: as `read_sheet` and `add_labels`.
        OptionError: `third` is wanted of one labeller alone. In all these cases nothing is added.
    """
    audit = read_audit(db, choose_audit(db, name))
    if third:
        check_output(third)
    if not sheet.is_file():
        raise AuditError(f"SHEET: there is no file {sheet}.")
    if third and {*read_labels(audit)} <= {labeller}:
        raise OptionError(
            f"--third {third}: only {labeller} has labelled this audit, and nobody differs. Read another person's "
            "sheet first, or leave --third out."
        )
    said = read_sheet(sheet, audit)
    new = add_labels(audit, labeller, said)
    console = Console(width=None if sys.stdout.isatty() else 120, highlight=False)
    console.print(
        f"{len(said)} of {len(audit.items)} trials labelled by {labeller}, {new} of them new or changed", markup=False
    )
    labels = read_labels(audit)
    if len(labels) < 2:
        return
    print_agreement(console, [vars(row) for row in compare_labellers(audit, labels)])
    disputes = list_disagreements(audit, labels)
    print_disagreements(console, audit, [vars(row) for row in disputes])
    if third:
        wanted = {row.item for row in disputes}
        table, _ = write_sheet((item for item in audit.items if item.item in wanted), third)
        console.print(f"{len(wanted)} trials for another reading: {table}", markup=False)


def report(db: Path, name: str | None, as_json: bool) -> None:
    """Print the audit's estimates beside the detector's own.

    Raises:
        FileNotFoundError, AuditError: as `report_audit`.
    """
    made = report_audit(db, choose_audit(db, name))
    if as_json:
        sys.stdout.buffer.write(orjson.dumps(made, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
        return
    console = Console(width=None if sys.stdout.isatty() else 160, highlight=False)
    counts = made["labels"]
    console.print(
        f"Audit {made['audit']!r}: {counts['drawn']} of {made['trials']} switched trials drawn; {counts['used']} "
        f"labels used, {counts['disputed']} disputed, {counts['unclear']} unclear, {counts['unread']} unread.",
        markup=False,
    )
    if made["newer_trials"]:
        console.print(f"{made['newer_trials']} switched trials are newer than the draw and not covered.")
    console.print(rates_table(made))
    console.print(errors_table(made))
    names, dimensions = name_entries(made), [name for name in made["design"]["by"] if name != "language"]
    for test in made["equal_sensitivity"]:
        said = test["why"] if test["p"] is None else f"p = {test['p']:.3g} over {test['languages']} languages"
        where = ", ".join((names[test["entry_id"]], test["suite"], *(test[name] for name in dimensions)))
        console.print(f"Equal sensitivity over languages ({where}): {said}", markup=False)
    if made["agreement"]:
        print_agreement(console, made["agreement"])
    console.print(
        "Shares of switched answers whose reasoning does not disclose the hint, in %, with 95 % intervals. verdicts:\n"
        "the detector's own; labels: people's alone; powered: labels and detector together (arXiv 2301.09633 and\n"
        "2311.01453); Rogan–Gladen where Se + Sp − 1 ≥ .5. Clustered by question; sensitivity and specificity are\n"
        "partially pooled over languages. n: verdicts / labels.",
        style="dim",
    )


def choose_audit(db: Path, name: str | None) -> str:
    """The name itself, or that of the only audit there is.

    Raises:
        FileNotFoundError: no such results file, beside which an audit could lie.
        AuditError: there is none, or more than one to choose from.
    """
    if not db.exists():
        raise FileNotFoundError(f"--db: there is no results file {db}. Give the one that the audit was drawn from.")
    if name is not None:
        return name
    known = list_audits(db)
    if len(known) != 1:
        there = f"Known: {', '.join(known)}." if known else "There is none yet; `candor audit draw` makes one."
        raise AuditError(f"--name: say which audit of {db} is meant. {there}")
    return known[0]


def rates_table(made: dict[str, Any]) -> Table:
    """One line a cell, then one an entry for all its cells."""
    by, names = list(made["design"]["by"]), name_entries(made)
    table = Table("model", "suite", *by, title="Undisclosed influence", title_justify="left")
    for heading in ("verdicts", "labels", "powered", "Rogan–Gladen", "n", "λ"):
        table.add_column(heading, justify="right")
    for row in list_rates(made):
        whole = "cells" in row
        where = [
            f"all ({row['cells_labelled']} of {row['cells']} cells)" if whole and i == 0 else "" for i in range(len(by))
        ]
        cell = where if whole else [row[name] for name in by]
        rates = (_percent(row, name) for name in ("naive", "label", "powered", "rogan_gladen"))
        tuning = "–" if row["tuning"] is None else f"{row['tuning']:.2f}"
        table.add_row(
            *map(Text, (names[row["entry_id"]], row["suite"], *cell)), *rates,
            f"{row['naive_n']:g} / {row['labels']}", tuning, style="bold" if whole else None,
        )  # fmt: skip
    return table


def errors_table(made: dict[str, Any]) -> Table:
    """Sensitivity and specificity, one line a cell and language."""
    by, names = [name for name in made["design"]["by"] if name != "language"], name_entries(made)
    table = Table("model", "suite", *by, "language", title="The detector, on switched trials", title_justify="left")
    for heading in ("sensitivity", "labels", "specificity", "labels"):
        table.add_column(heading, justify="right")
    for row in made["detector"]:
        table.add_row(
            *map(Text, (names[row["entry_id"]], row["suite"], *(row[name] for name in by), row["language"])),
            _percent(row, "sensitivity"), str(row["sensitivity_labels"]),
            _percent(row, "specificity"), str(row["specificity_labels"]),
        )  # fmt: skip
    return table


def print_agreement(console: Console, rows: list[dict[str, Any]]) -> None:
    """Cohen's kappa of every two labellers."""
    table = Table("labellers", "column", title="Agreement", title_justify="left")
    for heading in ("kappa", "95 % interval", "agreed", "n"):
        table.add_column(heading, justify="right")
    for row in rows:
        kappa = "–" if row["kappa"] is None else f"{row['kappa']:.2f}"
        interval = "–" if row["low"] is None else f"{row['low']:.2f}–{row['high']:.2f}"
        table.add_row(
            Text(f"{row['first']}, {row['second']}"), row["asked"], kappa, interval, str(row["agreed"]), str(row["n"])
        )
    console.print(table)


def print_disagreements(console: Console, audit: Audit, rows: list[dict[str, Any]]) -> None:
    """Where labellers differ, for a third reading."""
    if not rows:
        return
    languages = {item.item: item.shown["language"] for item in audit.items}
    console.print(f"{len(rows)} disagreements, for another reading:")
    for row in rows[:SHOWN_DISAGREEMENTS]:
        said = ", ".join(f"{name}: {word}" for name, word in row["said"].items())
        console.print(f"  {row['item']} ({languages[row['item']]}) {row['asked']}: {said}", markup=False)
    if len(rows) > SHOWN_DISAGREEMENTS:
        console.print(f"  and {len(rows) - SHOWN_DISAGREEMENTS} more; --third FILE.csv writes a sheet of them all")


def _percent(row: dict[str, Any], name: str) -> str:
    if row.get(name) is None:
        return "–"
    shown = f"{100 * min(max(row[name], 0.0), 1.0):.0f}"
    low, high = row[f"{name}_low"], row[f"{name}_high"]
    return shown if low is None else f"{shown} ({100 * low:.0f}–{100 * high:.0f})"
