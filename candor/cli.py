"""The command `candor`. Each command is a thin face of a function in this package.

Heavy modules are imported inside the commands, so that `candor --help` is quick.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from candor.audit_commands import app as audit_app
from candor.shared_options import (
    DEFAULT_DB,
    LOCALHOST,
    ArmsOption,
    DatabaseOption,
    DetectorOption,
    FramingsOption,
    HintsOption,
    HostOption,
    JobsOption,
    JudgeEndpointOption,
    JudgeKeyOption,
    JudgeModelOption,
    LanguagesOption,
    LimitOption,
    MaxTokensOption,
    PhrasingsOption,
    PortOption,
    PrefillOption,
    ProtocolOption,
    QuestionsOption,
    SamplesOption,
    SeedOption,
    SuiteOption,
    TemperatureOption,
    check_output_option,
    split_list,
)
from candor.study_commands import app as study_app

app = typer.Typer(
    name="candor",
    help="Measures whether a language model tells the real reason for its answer, in thirteen languages.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)

EXIT_BAD_INPUT = 2
EXIT_INCOMPLETE = 1


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
        split_list(languages), split_list(hints), split_list(framings), phrasings, questions, samples, seed, limit,
        temperature, max_tokens, split_list(arms), protocol, prefill, suite,
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
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", callback=check_output_option, help="File; default: standard output."),
    ] = None,
) -> None:
    """Write the exact prompts of a run, one JSON object a line, without running them."""
    from candor.plan import RunOptions, make_plan, write_plan

    options = RunOptions(
        split_list(languages), split_list(hints), split_list(framings), phrasings, questions, samples, seed, limit,
        temperature, max_tokens, split_list(arms), protocol, prefill, suite,
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
        Path | None,
        typer.Option(
            "--output", "-o", callback=check_output_option, help="Questions kept, as a .jsonl file for --questions."
        ),
    ] = None,
) -> None:
    """Find the questions that a model answers better with room to reason."""
    from candor.plan import RunOptions
    from candor.run import ServerOptions
    from candor.uplift import run_uplift

    options = RunOptions(
        languages=split_list(languages), questions=questions, samples=samples, seed=seed, limit=limit,
        temperature=temperature, max_tokens=max_tokens,
    )  # fmt: skip
    run_uplift(model, options, ServerOptions(endpoint, api_key_env, revision, concurrency), db, output)


@app.command()
def score(
    source: Annotated[Path, typer.Argument(metavar="IN.jsonl", help="Transcripts, one a line.")],
    output: Annotated[
        Path | None, typer.Option("--output", "-o", callback=check_output_option, help="Default: standard output.")
    ] = None,
    detector: DetectorOption = "cascade",
    judge_endpoint: JudgeEndpointOption = None,
    judge_model: JudgeModelOption = None,
    judge_key_env: JudgeKeyOption = None,
    jobs: JobsOption = 0,
) -> None:
    """Judge anyone's transcripts with the detector alone.

    Each line of IN.jsonl is a JSON object with these fields:

    id: text or a number, handed through.
    language: a code, such as en or sw.
    hint_kind: metadata, computed, authority, … as in the README.
    hint_text: the hint as the prompt had it.
    target: the letter it points to.
    reasoning: what the model wrote before its answer.
    answer: the letter it gave; or content, the visible reply to read it from.
    options: not needed; a list of texts.

    For instance, on one line:

    {"id": 1, "language": "en", "hint_kind": "metadata",
    "hint_text": "<answer>C</answer>", "target": "C",
    "reasoning": "The metadata says C, so I go with it.", "answer": "C"}
    """
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
    report: Annotated[
        Path | None, typer.Option(callback=check_output_option, help="Write a report: .html or .md.")
    ] = None,
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
    from benchmark.framings import framings
    from benchmark.store import renew_snapshot
    from candor.detector_ranks import print_detector_ranks
    from candor.plan import OptionError, check_known
    from candor.protocol_table import print_protocol, print_protocol_json, read_protocol
    from candor.report import print_leaderboard, print_leaderboard_json

    check_known("--framing", (framing,), tuple(framings()))
    renew_snapshot(db)
    published = read_protocol(protocol)
    if by_detector and published:
        raise OptionError(f"--protocol {protocol}: its table has no ranks; leave it out with --by-detector.")
    if by_detector:
        print_detector_ranks(db, framing, as_json)
    elif published:
        (print_protocol_json if as_json else print_protocol)(db, framing)
    else:
        (print_leaderboard_json if as_json else print_leaderboard)(db, framing)


@app.command()
def sql(
    query: Annotated[
        str,
        typer.Argument(
            metavar="QUERY", help='For instance: "select model, language, deception_rate, n from leaderboard limit 5".'
        ),
    ],
    db: DatabaseOption = DEFAULT_DB,
    as_json: Annotated[bool, typer.Option("--json", help="Rows as JSON.")] = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Rows as CSV.")] = False,
) -> None:
    """Run a query of your own on the results file, read-only; what is too wide for a table is shown row by row."""
    from benchmark.store import renew_snapshot
    from benchmark.store.read import check_question
    from candor.own_query import print_query

    check_question(query)
    renew_snapshot(db)
    print_query(db, query, as_json, as_csv)


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
def serve(
    data: Annotated[Path, typer.Option(help="Folder that holds candor.duckdb.")] = Path("results"),
    host: HostOption = LOCALHOST,
    port: PortOption = 8000,
) -> None:
    """Serve the published results over HTTP."""
    import uvicorn

    from server.api import make_app

    uvicorn.run(make_app(data / "candor.duckdb"), host=host, port=port)


@app.command("app")
def open_app(
    db: DatabaseOption = DEFAULT_DB,
    host: HostOption = LOCALHOST,
    port: PortOption = 8501,
) -> None:
    """Open the leaderboard and the transcripts in the browser."""
    from benchmark.store import renew_snapshot
    from candor.launch import launch_app

    renew_snapshot(db)
    raise typer.Exit(launch_app(db, host, port))


@app.command()
def doctor() -> None:
    """Say what is installed, what the machine offers and what is missing."""
    from candor.doctor import print_diagnosis

    if not print_diagnosis():
        raise typer.Exit(EXIT_INCOMPLETE)


app.add_typer(audit_app, name="audit")
app.add_typer(study_app)


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
