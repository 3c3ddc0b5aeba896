"""`candor simulate`: the study of intervals and estimators in worlds with known rates, as Markdown."""

from __future__ import annotations

import sys
from pathlib import Path

from benchmark.statistics.simulation import (
    EDGES,
    IN_QUESTIONS,
    LABELLED,
    LINEARISED,
    NAIVE,
    PUBLISHED,
    RATES,
    Coverage,
    simulate,
)
from benchmark.thresholds import FEW_SWITCHES
from candor.plan import OptionError

REPLICATES = 500
LEAST_REPLICATES = 10
#: Mean coverage that a 95 % interval is held to.
BAND = (0.93, 0.97)
MARK = " (!)"
#: A row about fewer of its cells than this says nothing.
LEAST_SHOWN = 0.05

HEAD = """# Do the intervals hold? A simulation

Written by `candor simulate --replicates {replicates} --seed {seed}`; do not edit by hand.

Data sets are drawn from worlds whose rates are known, and each interval is computed by functions that a test
holds equal to the published SQL views (`tests/benchmark/statistics/`). A world has 13 languages; answers to
one question are alike (beta distribution over questions, intraclass correlation 0.3), half of the questions behave
alike in all languages, and 15 % of control and sham answers are the target by chance. `switching` is the
probability that a hinted answer is the target. Each row is the mean over the true rates {rates}; {replicates} data
sets a world.

*coverage*: share of 95 % intervals that hold the truth; {mark} marks a mean outside {low:.0f}–{high:.0f} %.
*size of bias*: mean size of estimate − truth, the luck of the draws (*noise*, its standard error) included.
*width*: mean width. *shown*: share of cells with a rate to show, from {few} switches on for a cell; the rest of the
row is about these, and left out where they are under {least:.0f} % of all.
"""

NOTES = {
    "cells": """## One cell: the deception rate of a language and hint kind

*published* is what the views hold: Wilson's interval on n where each question counts once, else on
trials / max(1, deff). *n in questions* is the same with n and deff counted in questions, *naive pooled* takes every
trial for independent; with one sample all three are the same.""",
    "unconditional": """## One cell: switch rate and covert influence""",
    "macro": """## Means over thirteen languages

*published*: a jackknife that leaves each question out of all languages in turn, Student's quantile. *linearised*:
variance linearised, clustered by question over all languages, normal quantile. *naive pooled*: Wilson's interval on
all trials of all languages.
*shown*: a mean is NULL unless every language has a rate on at least two questions.""",
    "few switches": """## Few switches: the deception rate of a cell by the number of switches behind it

One sample a question, switching 0.3; 8 questions for up to 2 switches, 30 up to 9, 100 above. The width says why no
rate is shown under {few}: the interval holds its level, but spans most of what is possible. *shown*: share of
cells with so many switches.""",
    "edges": """## Beyond the main range: true rates {edges}, one cell

Near 0 and 1 the coverage of any such interval swings with n, since few outcomes are possible.""",
    "edges, means": """## Beyond the main range: true rates {edges}, means""",
    "no effect": """## No hint effect at all: covert influence − sham, mean over thirteen languages

Hinted and sham answers of a question have one propensity, so the truth is 0. *mean* beside its *noise*: within two
standard errors of 0 in about 95 % of the rows.""",
    "detector": """## Detector errors: the disclosure rate, raw and corrected

100 questions, switching 0.8; sensitivity and specificity known from {labelled} labelled cases each. *raw* is the
detected rate with its published interval, *corrected* the Rogan–Gladen estimate. *shown*: where Se + Sp − 1, as
estimated, is at least 0.5.""",
}
CASES = {
    "few switches": ("switches",),
    "no effect": ("questions", "samples", "undisclosed"),
    "detector": ("sensitivity", "specificity"),
}


def run_simulation(replicates: int, seed: int, output: Path | None) -> None:
    """Run every study and write the report.

    Args:
        replicates: data sets drawn from each world.
        seed: of everything drawn; the same seed gives the same report.
        output: Markdown file; None: standard output.

    Raises:
        OptionError: too few replicates, or no folder to write to.
    """
    if replicates < LEAST_REPLICATES:
        raise OptionError(f"--replicates: {replicates} is too small; the least is {LEAST_REPLICATES}.")
    if output and not output.parent.is_dir():
        raise OptionError(f"--output {output}: there is no folder {output.parent}; make it first.")
    text = render(simulate(replicates, seed), replicates, seed)
    if output:
        output.write_text(text, encoding="utf-8")
    else:
        sys.stdout.write(text)


def render(studies: dict[str, list[Coverage]], replicates: int, seed: int) -> str:
    """The report as Markdown."""
    words = {
        "replicates": replicates,
        "seed": seed,
        "rates": f"{RATES[0]}–{RATES[-1]}",
        "edges": ", ".join(map(str, EDGES)),
        "mark": MARK.strip(),
        "low": 100 * BAND[0],
        "high": 100 * BAND[1],
        "few": FEW_SWITCHES,
        "least": 100 * LEAST_SHOWN,
        "labelled": LABELLED,
    }
    parts = [HEAD.format(**words), summary(studies)]
    for name, rows in studies.items():
        parts += [NOTES[name].format(**words), _table(name, rows)]
    return "\n\n".join(part.strip() for part in parts) + "\n"


def summary(studies: dict[str, list[Coverage]]) -> str:
    """What the tables say of the published intervals, and which rows are outside the band."""
    lines = ["## In short", ""]
    for name in ("cells", "unconditional", "macro"):
        for study in dict.fromkeys(row.study for row in studies[name]):
            for samples in (1, 4):
                rows = [
                    row
                    for row in studies[name]
                    if row.study == study
                    and row.method == PUBLISHED
                    and row.case[1] == samples
                    and row.shown >= LEAST_SHOWN
                ]
                outside = [row for row in rows if _is_outside(row)]
                low, high = (100 * bound(row.coverage for row in rows) for bound in (min, max))
                verdict = "all inside" if not outside else f"{len(outside)} of {len(rows)} outside"
                lines.append(
                    f"- {study}, {samples} sample{'s' * (samples > 1)}: the published interval covers "
                    f"{low:.1f}–{high:.1f} %; {verdict} {100 * BAND[0]:.0f}–{100 * BAND[1]:.0f} %."
                )
    for name, method, what in (
        ("cells", IN_QUESTIONS, "Of cells with 4 samples, an n counted in questions"),
        ("macro", LINEARISED, "Of means, the linearised variance with the normal quantile"),
    ):
        rows = [row for row in studies[name] if row.method == method and row.shown >= LEAST_SHOWN]
        low, high = (100 * bound(row.coverage for row in rows) for bound in (min, max))
        misses = sum(map(_is_outside, rows))
        lines.append(f"- {what} would cover {low:.1f}–{high:.1f} %; {misses} of {len(rows)} outside.")
    for name, what in (("edges", "single cells"), ("edges, means", "means")):
        rows = [row for row in studies[name] if row.method == PUBLISHED and row.shown >= LEAST_SHOWN]
        if rows:
            low, high = (100 * bound(row.coverage for row in rows) for bound in (min, max))
            rates = ", ".join(map(str, EDGES))
            lines.append(
                f"- Beyond the main range (true rates {rates}), published intervals of {what} cover "
                f"{low:.1f}–{high:.1f} %."
            )
    naive = [row.coverage for row in studies["macro"] if row.method == NAIVE and row.shown >= LEAST_SHOWN]
    lines.append(
        f"- Naive pooling of all trials of all languages covers {100 * min(naive):.0f}–{100 * max(naive):.0f} %."
    )
    null = studies["no effect"]
    lines.append(
        f"- Without a hint effect, covert influence − sham is {min(row.bias for row in null):+.4f} to "
        f"{max(row.bias for row in null):+.4f} (noise up to {max(row.noise for row in null):.4f})."
    )
    return "\n".join(lines)


def _is_outside(row: Coverage) -> bool:
    return row.shown >= LEAST_SHOWN and not BAND[0] <= row.coverage <= BAND[1]


def _table(name: str, rows: list[Coverage]) -> str:
    signed = name == "no effect"
    studies = len({row.study for row in rows}) > 1
    cases = CASES.get(name, ("questions", "samples", "switching")[: max(len(row.case) for row in rows)])
    heads = [*(["measure"] if studies else []), *cases, "interval", "coverage %", "mean" if signed else "size of bias"]
    heads += ["noise", "width", "shown %"]
    lines = [f"| {' | '.join(heads)} |", f"|{'---|' * len(heads)}"]
    for row in rows:
        case = [*map(str, row.case), *["–"] * (len(cases) - len(row.case))]
        mark = MARK if _is_outside(row) else ""
        cells = [*([row.study.partition(": ")[2]] if studies else []), *case, row.method]
        numbers = [
            format(100 * row.coverage, ".1f") + mark,
            format(row.bias, "+.4f" if signed else ".4f"),
            format(row.noise, ".4f"),
            format(row.width, ".3f"),
        ]
        cells += numbers if row.shown >= LEAST_SHOWN else ["–"] * len(numbers)
        cells.append(f"{100 * row.shown:.0f}")
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)
