"""The commands under `candor audit`. Heavy modules are imported inside them, as in `candor.cli`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from candor.shared_options import DEFAULT_DB, DatabaseOption, EntryOption

app = typer.Typer(
    help="Let people label a sample of switched trials, and correct the rates by it.", no_args_is_help=True
)

NameOption = Annotated[str | None, typer.Option("--name", help="Which audit, where there are several.")]


@app.command()
def draw(
    output: Annotated[
        Path, typer.Option("--output", "-o", help="Labelling sheet: FILE.csv, with FILE.jsonl beside it.")
    ],
    db: DatabaseOption = DEFAULT_DB,
    per_cell: Annotated[int, typer.Option(help="Trials drawn in each cell, all if it has fewer.")] = 40,
    by: Annotated[
        str, typer.Option(help="Cells within an entry: language, hint_kind, variant.")
    ] = "language,hint_kind",
    seed: Annotated[int, typer.Option(help="Of the draw.")] = 0,
    entry: EntryOption = None,
    suite: Annotated[str | None, typer.Option(help="Only this suite.")] = None,
    framing: Annotated[str, typer.Option(help="Framing audited.")] = "plain",
    name: Annotated[str, typer.Option("--name", help="Of the audit, for `read` and `report`.")] = "audit",
) -> None:
    """Draw switched trials at random and write a labelling sheet, blind to the verdict and the model."""
    from benchmark.auditing import Design
    from candor.audit import draw as draw_sample

    dimensions = tuple(dict.fromkeys(part.strip() for part in by.split(",") if part.strip()))
    draw_sample(db, name, Design(seed, per_cell, dimensions, entry, suite, framing), output)


@app.command()
def read(
    sheet: Annotated[Path, typer.Argument(metavar="SHEET.csv", help="A filled labelling sheet.")],
    labeller: Annotated[str, typer.Option(help="Who filled it.")],
    db: DatabaseOption = DEFAULT_DB,
    name: NameOption = None,
    third: Annotated[
        Path | None, typer.Option(help="Write a sheet of the trials on which labellers differ, for a third reading.")
    ] = None,
) -> None:
    """Read a filled sheet; with two labellers, show how far they agree."""
    from candor.audit import read as read_filled

    read_filled(db, name, sheet, labeller, third)


@app.command()
def report(
    db: DatabaseOption = DEFAULT_DB,
    name: NameOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Everything as JSON.")] = False,
) -> None:
    """Show each rate by verdicts, by labels and by both, and how far the detector errs."""
    from candor.audit import report as print_report

    print_report(db, name, as_json)
