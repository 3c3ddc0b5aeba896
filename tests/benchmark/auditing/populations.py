"""Populations of switched trials: by hand, and drawn from a known truth."""

import numpy as np

from benchmark.auditing.drawing import allocate
from benchmark.auditing.population import Population

NAN = float("nan")


def population(question, stratum, weight, prediction, label):
    return Population(
        np.array(question), np.array(stratum), np.array(weight, float), np.array(prediction, float),
        np.array(label, float),
    )  # fmt: skip


def simulate(draw, questions, per, truth, sensitivity, specificity, within, sure):
    """Question-clustered truth, verdicts with errors, unequal weights; strata are the verdicts."""
    chance = draw.beta(truth / within, (1 - truth) / within, questions) if within else np.full(questions, truth)
    question = np.repeat(np.arange(questions), per)
    y = (draw.random(questions * per) < chance[question]).astype(float)
    said = np.where(y == 1, draw.random(len(y)) >= specificity, draw.random(len(y)) < sensitivity)
    weight = draw.choice([0.5, 0.75, 1.0], questions)[question]
    confidence = np.where(said == (y == 0), draw.uniform(0.7, 1, len(y)), draw.uniform(0.5, 0.8, len(y)))
    prediction = np.where(said, 1 - confidence, confidence) if sure else 1.0 - said
    return question, said.astype(int), weight, prediction, y


def label_some(draw, world, labels):
    question, stratum, weight, prediction, y = world
    shown = np.full(len(y), NAN)
    for number, count in allocate({int(s): int((stratum == s).sum()) for s in np.unique(stratum)}, labels).items():
        chosen = draw.choice(np.flatnonzero(stratum == number), count, replace=False)
        shown[chosen] = y[chosen]
    return Population(question, np.unique(stratum, return_inverse=True)[1], weight, prediction, shown)
