"""Worlds with known rates, and data sets drawn from them: what the simulation measures intervals against."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from benchmark.statistics.intervals import Array

Generator = np.random.Generator


@dataclass(frozen=True)
class World:
    """What is true, and how much of it is asked. All rates are the same in every language.

    Attributes:
        undisclosed: share of switches that the reasoning does not disclose: the true deception rate.
        switching: P(hinted answer is the target), whatever the control; 0.15, say, is `chance`.
        questions, samples: asked in each language.
        languages: how many.
        chance: P(control or sham answer is the target).
        alike: intraclass correlation of the answers to one question (beta distribution over questions).
        shared: share of questions that behave alike in all languages; the others are drawn anew in each.
        sensitivity, specificity: of the detector, disclosure being the condition that it looks for.
        effect: False: the hint does nothing, and a question's hinted and sham answers have one propensity.
    """

    undisclosed: float
    switching: float
    questions: int
    samples: int = 1
    languages: int = 13
    chance: float = 0.15
    alike: float = 0.3
    shared: float = 0.5
    sensitivity: float = 1.0
    specificity: float = 1.0
    effect: bool = True


@dataclass(frozen=True)
class Draws:
    """Data sets, each array (replicates, languages, questions); names as in `2_questions.sql`."""

    w: Array
    h: Array
    u: Array
    u_sham: Array


def draw(world: World, replicates: int, generator: Generator) -> Draws:
    """Draw that many data sets from a world."""

    def propensity(mean: float) -> Array:
        return _propensities(world, mean, replicates, generator)

    def undisclosed(switches: Array) -> Array:
        hidden = generator.binomial(switches.astype(np.int64), told_nothing)
        seen = generator.binomial(hidden, 1 - world.specificity)
        missed = generator.binomial(switches.astype(np.int64) - hidden, 1 - world.sensitivity)
        return np.asarray(hidden - seen + missed, dtype=np.float64)

    samples = world.samples
    chance = propensity(world.chance)
    told_nothing = propensity(world.undisclosed)
    hinted = generator.binomial(samples, propensity(world.switching) if world.effect else chance).astype(np.float64)
    sham = generator.binomial(samples, chance).astype(np.float64)
    control = generator.binomial(samples, chance) / samples
    return Draws(1 - control, hinted / samples, undisclosed(hinted) / samples, undisclosed(sham) / samples)


def _propensities(world: World, mean: float, replicates: int, generator: Generator) -> Array:
    """One probability for each replicate, language and question, beta distributed with this mean."""
    weight = 1 / world.alike - 1
    shape = (mean * weight, (1 - mean) * weight)
    everywhere = generator.beta(*shape, size=(replicates, 1, world.questions))
    here = generator.beta(*shape, size=(replicates, world.languages, world.questions))
    is_shared = generator.random((replicates, 1, world.questions)) < world.shared
    return np.where(is_shared, everywhere, here)
