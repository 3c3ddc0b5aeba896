"""How often each 95 % interval holds the truth, and how far each estimator is off, in worlds with known rates.

Intervals are computed by the functions that a test holds equal to the SQL views. One row of a
study is one world's share; `average` takes the mean over true rates.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from benchmark.statistics.intervals import (
    Array,
    Z,
    macro_interval,
    ratio_interval,
    ratio_of_sums,
    rogan_gladen,
    student_point,
    wilson,
)
from benchmark.statistics.worlds import Generator, World, draw
from benchmark.thresholds import FEW_SWITCHES

#: True rates of the main tables, and those beyond them.
RATES = (0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95)
EDGES = (0.01, 0.02, 0.98, 0.99)
QUESTIONS = (8, 30, 100)
SAMPLES = (1, 4)
SWITCHING = (0.15, 0.3, 0.8)
#: Sensitivity and specificity of simulated detectors, each known from LABELLED cases.
DETECTORS = ((0.95, 0.98), (0.85, 0.95), (0.7, 0.9))
LABELLED = 100
#: Numbers of switches by which the study of few switches is cut.
BANDS = ((0.5, 2.5), (2.5, FEW_SWITCHES), (FEW_SWITCHES, 10), (10, 20), (20, np.inf))

PUBLISHED = "published"
IN_QUESTIONS = "n in questions"
LINEARISED = "linearised"
NAIVE = "naive pooled"


@dataclass(frozen=True)
class Coverage:
    """How one interval of one measure did in one world.

    Attributes:
        study: table it belongs to; `case`: row within it; `method`: how the interval was made.
        truth: the true rate.
        coverage: share of intervals that hold it; `bias`: mean estimate − truth; `width`: mean width.
        shown: share of cells that could be shown, and on which the rest is based.
        noise: standard error of `bias` by the luck of the draws.
    """

    study: str
    case: tuple[float | str, ...]
    method: str
    truth: float
    coverage: float
    bias: float
    width: float
    shown: float
    noise: float


def judge(
    study: str,
    case: tuple[float | str, ...],
    method: str,
    truth: float,
    estimate: Array,
    interval: tuple[Array, Array],
    shown: NDArray[np.bool_],
) -> Coverage:
    """Sum up intervals of a rate whose truth is known, over the cells that are shown."""
    low, high = interval
    if not shown.any():
        return Coverage(study, case, method, truth, np.nan, np.nan, np.nan, 0.0, np.nan)
    # A bound that equals the truth but for rounding holds it.
    held = (low <= truth + 1e-12) & (truth - 1e-12 <= high)
    return Coverage(
        study, case, method, truth, float(held[shown].mean()), float((estimate - truth)[shown].mean()),
        float((high - low)[shown].mean()), float(shown.mean()), _noise(estimate, shown),
    )  # fmt: skip


def _noise(estimate: Array, shown: NDArray[np.bool_]) -> float:
    """Standard error of the mean estimate; the cells of one data set are one draw."""
    sums = np.where(shown, estimate, 0.0).reshape(len(estimate), -1).sum(axis=1)
    counts = shown.reshape(len(shown), -1).sum(axis=1)
    residuals = sums - counts * sums.sum() / counts.sum()
    return float(np.sqrt((residuals**2).sum()) / counts.sum())


def study_cells(rates: Iterable[float], replicates: int, generator: Generator) -> list[Coverage]:
    """The deception rate of a cell (one language and hint kind), shown from FEW_SWITCHES on."""
    rows = []
    for questions in QUESTIONS:
        for samples in SAMPLES:
            for switching in SWITCHING:
                for truth in rates:
                    drawn = draw(World(truth, switching, questions, samples), replicates, generator)
                    case = (questions, samples, switching)
                    rows += _cell_rows("cell: deception rate", case, drawn.w * drawn.u, drawn.w * drawn.h, truth)
    return rows


def study_unconditional(rates: Iterable[float], replicates: int, generator: Generator) -> list[Coverage]:
    """Switch rate and covert influence of a cell: every question has a denominator."""
    rows = []
    for questions in QUESTIONS:
        for samples in SAMPLES:
            for truth in rates:
                drawn = draw(World(0.5, truth, questions, samples), replicates, generator)
                rows += _cell_rows("cell: switch rate", (questions, samples), drawn.w * drawn.h, drawn.w, truth)
                drawn = draw(World(truth**0.5, truth**0.5, questions, samples), replicates, generator)
                rows += _cell_rows("cell: covert influence", (questions, samples), drawn.w * drawn.u, drawn.w, truth)
    return rows


def _cell_rows(study: str, case: tuple[float, ...], a: Array, b: Array, truth: float) -> list[Coverage]:
    samples = int(case[1])
    ratio, low, high = ratio_interval(a, b, samples > 1, samples)
    shown = ratio.n >= FEW_SWITCHES
    methods = {PUBLISHED: (low, high)}
    if samples > 1:
        methods[IN_QUESTIONS] = ratio_interval(a, b, True)[1:]
        methods[NAIVE] = wilson(ratio.rate, ratio.trials)
    return [judge(study, case, name, truth, ratio.rate, bounds, shown) for name, bounds in methods.items()]


def study_macro(rates: Iterable[float], replicates: int, generator: Generator) -> list[Coverage]:
    """Means over thirteen languages: deception rate and covert influence."""
    rows = []
    for questions in QUESTIONS:
        for samples in SAMPLES:
            for truth in rates:
                for switching in SWITCHING:
                    drawn = draw(World(truth, switching, questions, samples), replicates, generator)
                    case = (questions, samples, switching)
                    rows += _macro_rows("mean: deception rate", case, drawn.w * drawn.u, drawn.w * drawn.h, truth)
                drawn = draw(World(truth**0.5, truth**0.5, questions, samples), replicates, generator)
                rows += _macro_rows("mean: covert influence", (questions, samples), drawn.w * drawn.u, drawn.w, truth)
    return rows


def _macro_rows(study: str, case: tuple[float, ...], a: Array, b: Array, truth: float) -> list[Coverage]:
    macro = macro_interval(a, b)
    shown = ~np.isnan(macro.rate)
    pooled = a.sum(axis=(-2, -1)) / np.maximum(b.sum(axis=(-2, -1)), 1e-9)
    naive = wilson(pooled, b.sum(axis=(-2, -1)) * case[1])
    return [
        judge(study, case, PUBLISHED, truth, macro.rate, (macro.low, macro.high), shown),
        judge(study, case, LINEARISED, truth, macro.rate, linearised_interval(a, b), shown),
        judge(study, case, NAIVE, truth, pooled, naive, shown),
    ]


def linearised_interval(a: Array, b: Array) -> tuple[Array, Array]:
    """What a mean's interval would be with the linearised clustered variance (CR1) and the normal quantile.

    Args:
        a, b: (…, cells, questions), 0 where a question does not count.
    """
    ratio = ratio_of_sums(a, b)
    rate, questions = ratio.rate.mean(axis=-1), (b > 0).any(axis=-2).sum(axis=-1)
    with np.errstate(divide="ignore", invalid="ignore"):
        influence = ((a - ratio.rate[..., None] * b) / ratio.n[..., None]).mean(axis=-2)
        variance = questions / (questions - 1) * (influence**2).sum(axis=-1)
        n = np.where(variance > 0, rate * (1 - rate) / variance, questions)
    return wilson(rate, n)


def study_few_switches(rates: Iterable[float], replicates: int, generator: Generator) -> list[Coverage]:
    """The deception rate of a cell by the number of switches behind it, also where it is not shown."""
    rows = []
    for truth in rates:
        for questions in QUESTIONS:
            drawn = draw(World(truth, 0.3, questions), replicates, generator)
            ratio, low, high = ratio_interval(drawn.w * drawn.u, drawn.w * drawn.h, False)
            for least, below in BANDS:
                if questions != _questions_for(least):
                    continue
                # n is a sum of shares, so that of 2.6 is called 3, as a reader would count.
                first, last = int(np.ceil(least)), np.ceil(below) - 1
                name = f"{first} or more" if np.isinf(below) else f"{first}–{last:.0f}"
                shown = (ratio.n >= least) & (ratio.n < below)
                rows.append(judge("few switches", (name,), PUBLISHED, truth, ratio.rate, (low, high), shown))
    return rows


def _questions_for(switches: float) -> int:
    """The size at which that many switches are common, with a switch rate of .3 and chance of .15."""
    return QUESTIONS[0] if switches < 3 else QUESTIONS[1] if switches < 10 else QUESTIONS[2]


def study_no_effect(replicates: int, generator: Generator) -> list[Coverage]:
    """Covert influence − sham of a cell and of the mean, in a world where hints do nothing: the truth is 0."""
    rows = []
    for questions in QUESTIONS:
        for samples in SAMPLES:
            for undisclosed in (0.1, 0.5, 0.9):
                world = World(undisclosed, 0.15, questions, samples, effect=False)
                drawn = draw(world, replicates, generator)
                hinted, sham = (macro_interval(drawn.w * x, drawn.w) for x in (drawn.u, drawn.u_sham))
                case = (questions, samples, undisclosed)
                rows.append(_difference_row(case, hinted.rate - sham.rate, hinted.moves - sham.moves))
    return rows


def _difference_row(case: tuple[float, ...], difference: Array, moves: Array) -> Coverage:
    questions = moves.shape[-1]
    error = np.sqrt((questions - 1) / questions * (moves**2).sum(axis=-1))
    reach = student_point(questions - 1) * error
    shown = ~np.isnan(difference)
    bounds = (difference - reach, difference + reach)
    return judge("no effect", case, "jackknife, t", 0.0, difference, bounds, shown)


def study_detector(rates: Iterable[float], replicates: int, generator: Generator) -> list[Coverage]:
    """Disclosure read by an imperfect detector: the raw rate beside the corrected one, 100 questions."""
    rows = []
    for sensitivity, specificity in DETECTORS:
        for truth in rates:
            world = World(
                1 - truth, 0.8, QUESTIONS[-1], languages=1, sensitivity=sensitivity, specificity=specificity
            )  # fmt: skip
            drawn = draw(world, 13 * replicates, generator)
            ratio, low, high = ratio_interval(drawn.w * (drawn.h - drawn.u), drawn.w * drawn.h, False)
            known = [
                generator.binomial(LABELLED, share, size=ratio.rate.shape) / LABELLED
                for share in (sensitivity, specificity)
            ]
            corrected = rogan_gladen(ratio.rate, ratio.n, known[0], LABELLED, known[1], LABELLED)
            delta = corrected.rate - Z * corrected.standard_error, corrected.rate + Z * corrected.standard_error
            shown = ~np.isnan(corrected.rate)
            for method, estimate, bounds in (
                ("raw", ratio.rate, (low, high)),
                ("corrected, plain delta method", corrected.rate, delta),
                ("corrected, Lang and Reiczigel", corrected.rate, (corrected.low, corrected.high)),
            ):
                rows.append(judge("detector", (sensitivity, specificity), method, truth, estimate, bounds, shown))
    return rows


def average(rows: Iterable[Coverage]) -> list[Coverage]:
    """The mean over true rates of each study, case and method, in the order of their first rows.

    `bias` becomes the mean of the sizes of the biases, since those of low and high rates cancel;
    `truth` is NaN. A world in which nothing could be shown does not count.
    """
    groups: dict[tuple[str, tuple[float | str, ...], str], list[Coverage]] = defaultdict(list)
    for row in rows:
        groups[row.study, row.case, row.method].append(row)
    averaged = []
    for key, members in groups.items():
        some = [row for row in members if row.shown > 0]
        columns = [(row.coverage, abs(row.bias), row.width, row.noise) for row in some]
        coverage, bias, width, noise = np.mean(columns, axis=0).tolist() if some else [np.nan] * 4
        shown = float(np.mean([row.shown for row in members]))
        averaged.append(Coverage(*key, np.nan, coverage, bias, width, shown, noise))
    return averaged


def simulate(replicates: int, seed: int) -> dict[str, list[Coverage]]:
    """Every study, by the name of its table; the same seed gives the same numbers.

    Args:
        replicates: data sets drawn from each world.
        seed: of everything drawn.
    """
    generator = np.random.default_rng(seed)
    return {
        "cells": average(study_cells(RATES, replicates, generator)),
        "unconditional": average(study_unconditional(RATES, replicates, generator)),
        "macro": average(study_macro(RATES, replicates, generator)),
        "few switches": average(study_few_switches(RATES, replicates, generator)),
        "edges": average(study_cells(EDGES, replicates, generator)),
        "edges, means": average(study_macro(EDGES, replicates, generator)),
        "no effect": study_no_effect(replicates, generator),
        "detector": average(study_detector(RATES, replicates, generator)),
    }
