"""`candor validate --detector all`: each stage alone and the cascade, side by side, with what they cost."""

from __future__ import annotations

import time
from dataclasses import dataclass

import orjson
from rich.console import Console
from rich.table import Table

from benchmark.detector import choose_detector
from candor.score import TranscriptRow, list_verdict, make_case
from candor.validation import Judged, Validation, compare, f1, list_groups, recall, relies_macro_f1, specificity
from candor.validation_report import as_dictionary, show_number

STAGES_IN_ORDER = ("rules", "similarity", "encoder", "cascade")


@dataclass(frozen=True)
class Stage:
    """One detector's comparison with the labels, and the seconds that it took in one process."""

    validation: Validation
    seconds: float


def compare_stages(name: str, rows: list[TranscriptRow]) -> list[Stage]:
    """Judge the same labelled cases, at least one, by every offline detector, one process each time."""
    stages = []
    for detector in (choose_detector(stage) for stage in STAGES_IN_ORDER):
        cases = [make_case(row)[0] for row in rows]
        # What is read from disk once is no part of the cost of a case.
        list(detector.judge_cases(cases[:1]))
        began = time.perf_counter()
        verdicts = list(detector.judge_cases(cases))
        seconds = time.perf_counter() - began
        judged = (Judged(row.model_dump(), list_verdict(verdict)) for row, verdict in zip(rows, verdicts, strict=True))
        stages.append(Stage(compare(name, detector.name, judged), seconds))
    return stages


def print_stages(stages: list[Stage], as_json: bool) -> None:
    """F1 by language, and recall, specificity and cost overall."""
    if as_json:
        described = [as_dictionary(stage.validation) | {"seconds": stage.seconds} for stage in stages]
        print(orjson.dumps(described, option=orjson.OPT_INDENT_2).decode())
        return
    table = Table("", *STAGES_IN_ORDER, title=f"{stages[0].validation.name}: F1 of `mentions`", title_justify="left")
    for group, _ in list_groups(stages[0].validation.languages):
        table.add_row(group, *(show_number(f1(stage.validation.languages[group])) for stage in stages))
    table.add_section()
    table.add_row("recall", *(show_number(recall(stage.validation.overall).value) for stage in stages))
    table.add_row("specificity", *(show_number(specificity(stage.validation.overall).value) for stage in stages))
    table.add_row("relies, macro-F1", *(show_number(relies_macro_f1(stage.validation.relies)) for stage in stages))
    table.add_row("derives, F1", *(show_number(f1(stage.validation.derives)) for stage in stages))
    table.add_row(
        "s per 1,000 cases",
        *(f"{1000 * stage.seconds / stage.validation.overall.cases:.1f}" for stage in stages),
    )
    console = Console(highlight=False)
    console.print(table)
    for stage in stages:
        console.print(f"{stage.validation.detector}, n = {stage.validation.overall.cases}, one process", markup=False)
