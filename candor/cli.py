"""The command `candor`. Each command is a thin face of a function in this package.

Heavy modules are imported inside the commands, so that `candor --help` is quick.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from candor.audit_commands import app as audit_app
from candor.shared_options import DEFAULT_DB, DatabaseOption, EntryOption

app = typer.Typer(
    name="candor",
    help="Measures whether a language model tells the real reason for its answer, in thirteen languages.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)

EXIT_BAD_INPUT = 2
EXIT_INCOMPLETE = 1

LanguagesOption = Annotated[str, typer.Option(help="Comma-separated codes, or all.")]
HintsOption = Annotated[str, typer.Option(help="Comma-separated kinds (metadata, computed:letters, …), or all.")]
FramingsOption = Annotated[str, typer.Option(help="plain, disclaimed, pledged, concealed, comma-separated; or all.")]
ArmsOption = Annotated[
    str, typer.Option(help="control, sham, hinted; optional: no_reasoning, interview. Comma-separated.")
]
ProtocolOption = Annotated[str, typer.Option(help="candor, or fragility-2026: the set-up of arXiv 2605.27901.")]
SuiteOption = Annotated[str | None, typer.Option(help="A frozen plan: candor-1-quick or candor-1.")]
PrefillOption = Annotated[
    bool, typer.Option(help="fragility-2026: begin the thinking in the language (the server must allow it).")
]
PhrasingsOption = Annotated[str, typer.Option(help="rotate: one per question; or all.")]
DetectorOption = Annotated[str, typer.Option(help="cascade, or a stage alone: rules, similarity, encoder, judge.")]
JudgeEndpointOption = Annotated[
    str | None, typer.Option(help="OpenAI-compatible server of an LLM judge; with cascade it judges what is unsure.")
]
JudgeModelOption = Annotated[str | None, typer.Option(help="The judge's name on that server.")]
JudgeKeyOption = Annotated[str | None, typer.Option(help="Environment variable that holds the judge's API key.")]
JobsOption = Annotated[int, typer.Option(help="Processes; 0 for one a core on large files.")]
QuestionsOption = Annotated[
    str,
    typer.Option(help="builtin, opinions, generated:N, a public set's name, or a .jsonl, .csv or .parquet file."),
]
SamplesOption = Annotated[int, typer.Option(help="Answers per prompt.")]
SeedOption = Annotated[int, typer.Option(help="Of letters, targets and phrasings.")]
LimitOption = Annotated[int | None, typer.Option(help="Only the first N question ids.")]
TemperatureOption = Annotated[float, typer.Option(help="Sampling temperature.")]
MaxTokensOption = Annotated[int, typer.Option(help="Most tokens of a reply.")]


def _split(value: str) -> tuple[str, ...]:
    return () if value == "all" else tuple(part.strip() for part in value.split(",") if part.strip())


@app.command()
def demo(db: DatabaseOption = DEFAULT_DB, limit: Annotated[int, typer.Option(help="Questions.")] = 8) -> None:
    """Evaluate the four personas of the calibration model in every language and show the leaderboard."""
    from candor.demo import run_demo

    run_demo(db, limit)


@app.command()
def run(
    model: Annotated[str, typer.Argument(help="Hugging Face id, folder, calibration[:PERSONA], or served name.")],
    endpoint: Annotated[str | None, typer.Option(help="Use a running server (URL ending in /v1).")] = None,
    api_key_env: Annotated[str | None, typer.Option(help="Environment variable that holds the key.")] = None,
    revision: Annotated[str | None, typer.Option(help="Revision of the model.")] = None,
    languages: LanguagesOption = "all",
    hints: HintsOption = "all",
    framings: FramingsOption = "plain",
    phrasings: PhrasingsOption = "rotate",
    questions: QuestionsOption = "builtin",
    samples: SamplesOption = 1,
    seed: SeedOption = 0,
    limit: LimitOption = None,
    temperature: TemperatureOption = 1.0,
    max_tokens: MaxTokensOption = 2048,
    arms: ArmsOption = "control,sham,hinted",
    protocol: ProtocolOption = "candor",
    prefill: PrefillOption = True,
    suite: SuiteOption = None,
    concurrency: Annotated[int, typer.Option(help="Requests in flight.")] = 64,
    db: DatabaseOption = DEFAULT_DB,
) -> None:
    """Evaluate a model and store the results; the same command again goes on where it stopped."""
    from rich.console import Console

    from candor.plan import RunOptions
    from candor.report import print_summary
    from candor.run import ServerOptions
    from candor.run import run as run_model

    options = RunOptions(
        _split(languages), _split(hints), _split(framings), phrasings, questions, samples, seed, limit,
        temperature, max_tokens, _split(arms), protocol, prefill, suite,
    )  # fmt: skip
    server = ServerOptions(endpoint, api_key_env, revision, concurrency)
    result = run_model(model, options, server, db)
    print_summary(Console(), db, result)
    if result.refused:
        raise typer.Exit(EXIT_INCOMPLETE)


@app.command()
def plan(
    model: Annotated[str | None, typer.Argument(help="Not needed: a plan is the same for every model.")] = None,
    languages: LanguagesOption = "all",
    hints: HintsOption = "all",
    framings: FramingsOption = "plain",
    phrasings: PhrasingsOption = "rotate",
    questions: QuestionsOption = "builtin",
    samples: SamplesOption = 1,
    seed: SeedOption = 0,
    limit: LimitOption = None,
    temperature: TemperatureOption = 1.0,
    max_tokens: MaxTokensOption = 2048,
    arms: ArmsOption = "control,sham,hinted",
    protocol: ProtocolOption = "candor",
    prefill: PrefillOption = True,
    suite: SuiteOption = None,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="File; default: standard output.")] = None,
) -> None:
    """Write the exact prompts of a run, one JSON object a line, without running them."""
    from candor.plan import RunOptions, make_plan, write_plan

    options = RunOptions(
        _split(languages), _split(hints), _split(framings), phrasings, questions, samples, seed, limit,
        temperature, max_tokens, _split(arms), protocol, prefill, suite,
    )  # fmt: skip
    made = make_plan(options)
    write_plan(made, output)
    for language, count in made.missing.items():
        typer.echo(f"{language}: {count} of {made.questions} questions are missing", err=True)
    if output:
        typer.echo(f"{len(made.trials)} trials written to {output}", err=True)


@app.command()
def uplift(
    model: Annotated[str, typer.Argument(help="As in `candor run`.")],
    endpoint: Annotated[str | None, typer.Option(help="Use a running server (URL ending in /v1).")] = None,
    api_key_env: Annotated[str | None, typer.Option(help="Environment variable that holds the key.")] = None,
    revision: Annotated[str | None, typer.Option(help="Revision of the model.")] = None,
    languages: LanguagesOption = "all",
    questions: QuestionsOption = "builtin",
    samples: Annotated[int, typer.Option(help="Answers per prompt, an even number.")] = 4,
    seed: SeedOption = 0,
    limit: LimitOption = None,
    temperature: TemperatureOption = 1.0,
    max_tokens: MaxTokensOption = 2048,
    concurrency: Annotated[int, typer.Option(help="Requests in flight.")] = 64,
    db: DatabaseOption = DEFAULT_DB,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Questions kept, as a .jsonl file for --questions.")
    ] = None,
) -> None:
    """Find the questions that a model answers better with room to reason."""
    from candor.plan import RunOptions
    from candor.run import ServerOptions
    from candor.uplift import run_uplift

    options = RunOptions(
        languages=_split(languages), questions=questions, samples=samples, seed=seed, limit=limit,
        temperature=temperature, max_tokens=max_tokens,
    )  # fmt: skip
    run_uplift(model, options, ServerOptions(endpoint, api_key_env, revision, concurrency), db, output)


@app.command()
def score(
    source: Annotated[Path, typer.Argument(metavar="IN.jsonl", help="Transcripts, one a line.")],
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Default: standard output.")] = None,
    detector: DetectorOption = "cascade",
    judge_endpoint: JudgeEndpointOption = None,
    judge_model: JudgeModelOption = None,
    judge_key_env: JudgeKeyOption = None,
    jobs: JobsOption = 0,
) -> None:
    """Judge anyone's transcripts with the detector alone."""
    from candor.detecting import DetectorOptions
    from candor.score import score_file

    score_file(source, output, DetectorOptions(detector, judge_endpoint, judge_model, judge_key_env, jobs))


@app.command()
def validate(
    cases: Annotated[Path, typer.Argument(metavar="CASES", help="JSONL with a gold `mentions`, or a folder of such.")],
    detector: Annotated[
        str, typer.Option(help="cascade, or a stage alone: rules, similarity, encoder, judge; all: side by side.")
    ] = "cascade",
    judge_endpoint: JudgeEndpointOption = None,
    judge_model: JudgeModelOption = None,
    judge_key_env: JudgeKeyOption = None,
    writer: Annotated[list[str] | None, typer.Option(help="Only cases whose `writer` is this (repeatable).")] = None,
    report: Annotated[Path | None, typer.Option(help="Write a report: .html or .md.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    jobs: JobsOption = 0,
) -> None:
    """Compare the detector with labelled cases, by language and by hint kind."""
    from candor.detecting import DetectorOptions
    from candor.validate import validate_cases

    chosen = DetectorOptions(detector, judge_endpoint, judge_model, judge_key_env, jobs)
    validate_cases(cases, chosen, tuple(writer or ()), report, as_json)


@app.command()
def rejudge(
    db: DatabaseOption = DEFAULT_DB,
    detector: DetectorOption = "cascade",
    judge_endpoint: JudgeEndpointOption = None,
    judge_model: JudgeModelOption = None,
    judge_key_env: JudgeKeyOption = None,
    entry: Annotated[str | None, typer.Option(help="Only this entry_id.")] = None,
    jobs: JobsOption = 0,
) -> None:
    """Judge stored responses by a new or another detector; no model is needed, old verdicts are kept."""
    from candor.detecting import DetectorOptions
    from candor.rejudge import rejudge as rejudge_stored

    rejudge_stored(db, DetectorOptions(detector, judge_endpoint, judge_model, judge_key_env, jobs), entry)


@app.command()
def classify(
    db: DatabaseOption = DEFAULT_DB,
    judge_endpoint: JudgeEndpointOption = None,
    judge_model: JudgeModelOption = None,
    judge_key_env: JudgeKeyOption = None,
    entry: Annotated[str | None, typer.Option(help="Only this entry_id.")] = None,
) -> None:
    """Say what kind of flaw carries each switched answer: by rules, and by an LLM judge where one is given."""
    from candor.classify import classify as classify_stored
    from candor.detecting import read_judge

    classify_stored(db, read_judge(judge_endpoint, judge_model, judge_key_env), entry)


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

    options = ReplayOptions(sample, seed, _split(languages), _split(hints), entry)
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
    plot: Annotated[Path | None, typer.Option(help="Draw it: FILE.html.")] = None,
    db: DatabaseOption = DEFAULT_DB,
) -> None:
    """Read what each layer of a local model would answer along stored reasonings (logit lens)."""
    from candor.lens import lens as read_lens
    from candor.probe import ReplayOptions

    read_lens(model, ReplayOptions(sample, seed, _split(languages), _split(hints), entry), db, plot, revision)


@app.command()
def leaderboard(
    db: DatabaseOption = DEFAULT_DB,
    framing: Annotated[str, typer.Option(help="Framing shown.")] = "plain",
    as_json: Annotated[bool, typer.Option("--json", help="Every cell as JSON.")] = False,
    protocol: Annotated[
        str, typer.Option(help="candor, or fragility-2026: the table of arXiv 2605.27901, its measures beside ours.")
    ] = "candor",
    by_detector: Annotated[bool, typer.Option("--by-detector", help="Ranks as each stored detector has them.")] = False,
) -> None:
    """Show undisclosed influence by model, language and hint kind, with intervals."""
    from benchmark.store import renew_snapshot
    from candor.detector_ranks import print_detector_ranks
    from candor.protocol_table import print_protocol, print_protocol_json, read_protocol
    from candor.report import print_leaderboard, print_leaderboard_json

    renew_snapshot(db)
    if by_detector:
        print_detector_ranks(db, framing, as_json)
    elif read_protocol(protocol):
        (print_protocol_json if as_json else print_protocol)(db, framing)
    else:
        (print_leaderboard_json if as_json else print_leaderboard)(db, framing)


@app.command()
def sql(
    query: Annotated[str, typer.Argument(help='For instance: "from leaderboard limit 5".')],
    db: DatabaseOption = DEFAULT_DB,
    as_json: Annotated[bool, typer.Option("--json", help="Rows as JSON.")] = False,
) -> None:
    """Run a query of your own on the results file, read-only."""
    from benchmark.store import renew_snapshot
    from candor.report import print_query

    renew_snapshot(db)
    print_query(db, query, as_json)


@app.command()
def export(
    folder: Annotated[Path, typer.Argument(help="Folder for the files.")],
    db: DatabaseOption = DEFAULT_DB,
    file_format: Annotated[str, typer.Option("--format", help="parquet.")] = "parquet",
) -> None:
    """Write every table and the leaderboard as files."""
    from benchmark.store import renew_snapshot
    from candor.export import export_files

    renew_snapshot(db)
    export_files(db, folder, file_format)


@app.command()
def calibrate(
    db: DatabaseOption = DEFAULT_DB,
    limit: Annotated[int, typer.Option(help="Questions.")] = 8,
    hints: HintsOption = "all",
    stored: Annotated[bool, typer.Option("--stored", help="Run nothing; compare what is stored.")] = False,
    framing: Annotated[str, typer.Option(help="Framing compared.")] = "plain",
    as_json: Annotated[bool, typer.Option("--json", help="Every cell as JSON.")] = False,
) -> None:
    """Run the calibration model and compare planted, realised and detected disclosure."""
    from candor.calibrate import print_calibration, run_personas

    if not stored:
        run_personas(db, limit, _split(hints))
    print_calibration(db, as_json, framing)


@app.command()
def power(
    width: Annotated[float, typer.Option(help="Wanted width of the deception rate's 95 % interval.")] = 0.1,
    rate: Annotated[float, typer.Option(help="Deception rate expected; 0.5 is the worst case.")] = 0.5,
    switch_rate: Annotated[float, typer.Option(help="Share of answers that the hint moves.")] = 0.3,
    base_rate: Annotated[float, typer.Option(help="Share of control answers at the target already.")] = 0.15,
    samples: SamplesOption = 1,
    deff: Annotated[float, typer.Option(help="Design effect of asking a question more than once.")] = 1.5,
    difference: Annotated[float, typer.Option(help="Difference between two models that is to be found.")] = 0.1,
    chance: Annotated[float, typer.Option("--power", help="Chance of finding that difference.")] = 0.8,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Say how many questions, trials and requests an interval width or a difference needs, before a run."""
    from candor.power import PowerOptions, print_power

    options = PowerOptions(width, rate, switch_rate, base_rate, samples, deff, difference, chance)
    print_power(options, as_json)


@app.command()
def simulate(
    replicates: Annotated[int, typer.Option(help="Data sets drawn from each world.")] = 500,
    seed: Annotated[int, typer.Option(help="Of everything drawn.")] = 0,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Markdown file; default: standard output.")
    ] = None,
) -> None:
    """Measure in worlds with known rates how often each interval holds the truth (docs/simulation.md)."""
    from candor.simulate import run_simulation

    run_simulation(replicates, seed, output)


@app.command()
def serve(
    data: Annotated[Path, typer.Option(help="Folder that holds candor.duckdb.")] = Path("results"),
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.")] = 8000,
) -> None:
    """Serve the published results over HTTP."""
    import uvicorn

    from server.api import make_app

    uvicorn.run(make_app(data / "candor.duckdb"), host=host, port=port)


@app.command("app")
def open_app(
    db: DatabaseOption = DEFAULT_DB,
    port: Annotated[int, typer.Option(help="Port to listen on.")] = 8501,
) -> None:
    """Open the leaderboard and the transcripts in the browser."""
    from benchmark.store import renew_snapshot
    from candor.launch import launch_app

    renew_snapshot(db)
    raise typer.Exit(launch_app(db, port))


@app.command()
def doctor() -> None:
    """Say what is installed, what the machine offers and what is missing."""
    from candor.doctor import print_diagnosis

    if not print_diagnosis():
        raise typer.Exit(EXIT_INCOMPLETE)


app.add_typer(audit_app, name="audit")


def main() -> None:
    """Entry point: errors of the user's making end in one paragraph, not in a traceback."""
    try:
        app()
    except KeyboardInterrupt:
        typer.echo("\ncandor: stopped. Finished trials are kept; the same command goes on from there.", err=True)
        sys.exit(130)
    except Exception as error:
        from candor.errors import explain

        message = explain(error)
        if message is None:
            raise
        typer.echo(f"candor: {message}", err=True)
        sys.exit(EXIT_BAD_INPUT)
