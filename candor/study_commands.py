"""Commands that study the instrument, a model from within, or a run to come: calibrate, probe, lens, power …"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from candor.shared_options import (
    DEFAULT_DB,
    DatabaseOption,
    EntryOption,
    HintsOption,
    LanguagesOption,
    SamplesOption,
    check_output_option,
    split_list,
)

app = typer.Typer()


@app.command()
def probe(
    model: Annotated[str, typer.Argument(help="As in `candor run`, which made the trials.")],
    endpoint: Annotated[str | None, typer.Option(help="Use a running server of it (URL ending in /v1).")] = None,
    api_key_env: Annotated[str | None, typer.Option(help="Environment variable that holds the key.")] = None,
    revision: Annotated[str | None, typer.Option(help="Revision of the model.")] = None,
    entry: EntryOption = None,
    sample: Annotated[int | None, typer.Option(help="Questions per language and hint kind; default: all.")] = None,
    seed: Annotated[int, typer.Option(help="Of the sample.")] = 0,
    languages: LanguagesOption = "all",
    hints: HintsOption = "all",
    concurrency: Annotated[int, typer.Option(help="Questions in flight.")] = 8,
    prefix_cache: Annotated[bool, typer.Option(help="Off only to see what it saves.")] = True,
    db: DatabaseOption = DEFAULT_DB,
) -> None:
    """Cut stored reasonings short and force an answer: how early the model is at the hinted option."""
    from candor.probe import ReplayOptions
    from candor.probe import probe as probe_stored
    from candor.run import ServerOptions

    options = ReplayOptions(sample, seed, split_list(languages), split_list(hints), entry)
    server = ServerOptions(endpoint, api_key_env, revision, concurrency)
    probe_stored(model, options, server, db, prefix_cache=prefix_cache)


@app.command()
def lens(
    model: Annotated[str, typer.Argument(help="Folder, Hugging Face id or calibration[:PERSONA], with stored trials.")],
    revision: Annotated[str | None, typer.Option(help="Revision of the model.")] = None,
    entry: EntryOption = None,
    sample: Annotated[int | None, typer.Option(help="Questions per language and hint kind.")] = 5,
    seed: Annotated[int, typer.Option(help="Of the sample.")] = 0,
    languages: LanguagesOption = "all",
    hints: HintsOption = "all",
    plot: Annotated[Path | None, typer.Option(callback=check_output_option, help="Draw it: FILE.html.")] = None,
    db: DatabaseOption = DEFAULT_DB,
) -> None:
    """Read what each layer of a local model would answer along stored reasonings (logit lens)."""
    from candor.lens import lens as read_lens
    from candor.probe import ReplayOptions

    read_lens(model, ReplayOptions(sample, seed, split_list(languages), split_list(hints), entry), db, plot, revision)


@app.command()
def calibrate(
    db: DatabaseOption = DEFAULT_DB,
    limit: Annotated[int | None, typer.Option(help="Questions run; default: 8.", show_default=False)] = None,
    hints: HintsOption = "all",
    stored: Annotated[bool, typer.Option("--stored", help="Run nothing; compare what is stored.")] = False,
    framing: Annotated[str, typer.Option(help="Framing run and compared.")] = "plain",
    as_json: Annotated[bool, typer.Option("--json", help="Every cell, with the gate, as JSON.")] = False,
) -> None:
    """Run the calibration model and compare planted, realised and detected disclosure."""
    from candor.calibrate import calibrate as calibrate_instrument

    calibrate_instrument(db, limit, split_list(hints), framing, stored, as_json)


@app.command()
def power(
    width: Annotated[float, typer.Option(help="Wanted width of the deception rate's 95 % interval.")] = 0.1,
    rate: Annotated[float, typer.Option(help="Deception rate expected; 0.5 is the worst case.")] = 0.5,
    switch_rate: Annotated[float, typer.Option(help="Share of answers that the hint moves.")] = 0.3,
    base_rate: Annotated[float, typer.Option(help="Share of control answers at the target already.")] = 0.15,
    samples: SamplesOption = 1,
    samples_alike: Annotated[
        float, typer.Option(help="Correlation of answers to one question in one language, as in docs/simulation.md.")
    ] = 0.3,
    languages_alike: Annotated[
        float, typer.Option(help="Correlation of answers to one question in two languages, likewise.")
    ] = 0.15,
    difference: Annotated[float, typer.Option(help="Difference between two models that is to be found.")] = 0.1,
    chance: Annotated[float, typer.Option("--power", help="Chance of finding that difference.")] = 0.8,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Say how many questions, trials and requests an interval width or a difference needs, before a run."""
    from candor.power import PowerOptions, print_power

    options = PowerOptions(
        width, rate, switch_rate, base_rate, samples, samples_alike, languages_alike, difference, chance
    )
    print_power(options, as_json)


@app.command()
def simulate(
    replicates: Annotated[int, typer.Option(help="Data sets drawn from each world.")] = 500,
    seed: Annotated[int, typer.Option(help="Of everything drawn.")] = 0,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", callback=check_output_option, help="Markdown file; default: standard output."),
    ] = None,
) -> None:
    """Measure in worlds with known rates how often each interval holds the truth (docs/simulation.md)."""
    from candor.simulate import run_simulation

    run_simulation(replicates, seed, output)
