"""Options that commands of more than one file take."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

DatabaseOption = Annotated[Path, typer.Option("--db", help="Results file.")]
DEFAULT_DB = Path("results/candor.duckdb")
EntryOption = Annotated[str | None, typer.Option(help="Only this entry_id.")]
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
JobsOption = Annotated[int, typer.Option(min=0, help="Processes; 0 for one a core on large files.")]
QuestionsOption = Annotated[
    str,
    typer.Option(help="builtin, opinions, generated:N, a public set's name, or a .jsonl, .csv or .parquet file."),
]
SamplesOption = Annotated[int, typer.Option(help="Answers per prompt.")]
SeedOption = Annotated[int, typer.Option(help="Of letters, targets and phrasings.")]
LimitOption = Annotated[int | None, typer.Option(help="Only the first N question ids.")]
TemperatureOption = Annotated[float, typer.Option(help="Sampling temperature.")]
HostOption = Annotated[
    str, typer.Option(help="Address to listen on; 0.0.0.0: every interface, for whoever reaches this machine.")
]
LOCALHOST = "127.0.0.1"
PortOption = Annotated[int, typer.Option(min=1, max=65535, help="Port to listen on.")]
MaxTokensOption = Annotated[int, typer.Option(help="Most tokens of a reply.")]


def check_output_option(param: typer.CallbackParam, value: Path | None) -> Path | None:
    """For options that name a file to write: said before the work rather than after it where that cannot be."""
    if value is not None:
        from candor.writing import check_output

        check_output(value, param.opts[0])
    return value


def split_list(value: str) -> tuple[str, ...]:
    """The parts of a comma-separated option; empty for "all"."""
    return () if value == "all" else tuple(part.strip() for part in value.split(",") if part.strip())
