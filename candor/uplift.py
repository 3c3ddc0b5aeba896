"""`candor uplift`: which questions a model answers better with room to reason."""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

import orjson
from rich.console import Console
from rich.table import Table

from benchmark.questions import QuestionSet, load_question_set
from benchmark.store import query_rows
from benchmark.trials import DIRECT, PlanSettings, Sampling, plan_trials
from candor.plan import OptionError, Plan, RunOptions
from candor.run import ServerOptions, run_prepared
from languages import available, require

SUITE_PREFIX = "uplift:"


def run_uplift(model: str, options: RunOptions, server: ServerOptions, db: Path, output: Path | None) -> None:
    """Ask every question with and without room to reason, print the uplift and write the questions kept.

    The runs are stored in suites named `uplift:…`, which no leaderboard shows: to select
    on noise inflates (arXiv 2605.27901 selects its questions so).

    Args:
        model, server, db: as in `candor run`.
        options: languages, questions, samples (an even number: one half selects, the other
            measures), seed, limit, temperature and max_tokens are used.
        output: where the kept questions go, as a file for `--questions`.

    Raises:
        OptionError: `samples` is odd or below 2.
    """
    if options.samples < 2 or options.samples % 2:
        raise OptionError(f"--samples: {options.samples} must be even: one half selects, the other measures.")
    languages = require(options.languages) if options.languages else available()
    question_set = load_question_set(options.questions, languages, options.limit, options.seed)
    plan = plan_uplift(options, question_set, languages)
    result = run_prepared(model, plan, server, db)
    suite = plan.trials[0].suite
    keys = {"entry_id": result.entry_id, "suite": suite}
    print_uplift(query_rows(db, "uplift_rows", keys))
    kept = {row["question_id"] for row in query_rows(db, "uplift_kept", keys)}
    console = Console(stderr=True)
    console.print(f"{len(kept)} of {len(question_set.questions)} questions are answered better with room to reason.")
    if output:
        write_questions(question_set, kept, output)
        console.print(f"They are in {output}: candor run MODEL --questions {output}")


def plan_uplift(options: RunOptions, question_set: QuestionSet, languages: tuple[str, ...]) -> Plan:
    """Every question as a control, with and without room to reason, `samples` times each."""
    settings = PlanSettings(
        languages=languages,
        hints=(),
        samples=options.samples,
        seed=options.seed,
        sampling=Sampling(temperature=options.temperature, max_tokens=options.max_tokens),
        arms=(DIRECT, "control"),
        suite=f"{SUITE_PREFIX}{question_set.name}" + (f"#{options.seed}" if options.seed else ""),
    )
    trials = plan_trials(settings, question_set)
    return Plan(trials, settings.sampling, len(question_set.questions), question_set.missing(languages))


def write_questions(question_set: QuestionSet, kept: set[str], output: Path) -> None:
    """The kept questions in every language, in the set's order, as JSONL that `--questions` reads."""
    with output.open("wb") as file:
        for question_id, versions in question_set.questions.items():
            if question_id in kept:
                for question in versions.values():
                    row = {name: value for name, value in asdict(question).items() if value not in ("", None)}
                    file.write(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE))


def print_uplift(rows: list[dict[str, Any]]) -> None:
    """One line a language."""
    console = Console(width=None if sys.stdout.isatty() else 120)
    table = Table(title="What room to reason adds, in percentage points", title_justify="left")
    for name in ("language", "questions", "direct", "reasoned", "no answer", "uplift", "n", "naive"):
        table.add_column(name, justify="left" if name == "language" else "right")
    for row in rows:
        table.add_row(
            row["language"], str(row["questions"]),
            _with_interval(row["direct_accuracy"], row["direct_low"], row["direct_high"], row["direct_n"]),
            _with_interval(row["reasoned_accuracy"], row["reasoned_low"], row["reasoned_high"], row["reasoned_n"]),
            f"{row['direct_unanswered']} + {row['reasoned_unanswered']}",
            _with_interval(row["uplift"], row["low"], row["high"]), str(row["n"]), _percent(row["naive_uplift"]),
        )  # fmt: skip
    console.print(table)
    console.print(
        "direct, reasoned: accuracy over the questions with an answer (/ how many), and its 95 % interval. no answer:\n"
        "replies (direct + reasoned) cut off, unreadable, in another language…, which are neither right nor wrong.\n"
        "uplift: gain on the n questions where reasoning helped in the other half of the samples, and its 95 %\n"
        "interval from two questions on; naive: chosen and measured on the same samples, which counts luck as gain.",
        style="dim",
        highlight=False,
    )


def _with_interval(value: float | None, low: float | None, high: float | None, n: int | None = None) -> str:
    """`45 [38, 52] / 60`, in percent; without what is unknown."""
    interval = "" if low is None or high is None else f" [{100 * low:.0f}, {100 * high:.0f}]"
    return _percent(value) + interval + ("" if n is None else f" / {n}")


def _percent(value: float | None) -> str:
    return "–" if value is None else f"{100 * value:.0f}"
