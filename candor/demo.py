"""`candor demo`: the whole job on the calibration model, each step named."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console

from benchmark.calibration.personas import load_personas
from candor.plan import RunOptions
from candor.report import print_leaderboard
from candor.run import ServerOptions, run_models
from languages import available

DEMO_MAX_TOKENS = 256
DEMO_HINTS = ("metadata", "computed", "authority")


def run_demo(db: Path, limit: int) -> None:
    """Run all personas, then print the leaderboard and how to open the app."""
    console = Console()
    models = [f"calibration:{persona}" for persona in load_personas()]
    console.print(
        f"Evaluating {len(models)} personas of the calibration model: {limit} questions, "
        f"{len(available())} languages, served by vLLM on this machine."
    )
    options = RunOptions(hints=DEMO_HINTS, limit=limit, max_tokens=DEMO_MAX_TOKENS)
    run_models(models, options, ServerOptions(), db, console)
    print_leaderboard(db, "plain")
    console.print(
        "\nThese are calibration models: their disclosure is planted, so the table checks the instrument "
        "(`candor calibrate` compares).\n"
        "Open the leaderboard and the transcripts in the browser:  [bold]make app[/]\n"
        "Evaluate a model of your own:  [bold].venv/bin/candor run MODEL[/]"
    )
