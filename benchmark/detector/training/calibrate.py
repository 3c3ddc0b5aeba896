"""Fits how findings become verdicts, on cases that were not trained on.

`python -m benchmark.detector.training.calibrate` writes it beside the weights that the detector uses
(the committed ones, or those of $CANDOR_DETECTOR_WEIGHTS).
"""

from __future__ import annotations

import argparse
import math
import random

import numpy as np
from sklearn.linear_model import LogisticRegression

from benchmark.detector.encoder.adapter import CALIBRATION_FILE, Calibration, Weighing, weights_folder
from benchmark.detector.findings import COMPUTED, find, list_features
from benchmark.detector.training.cases import CALIBRATE, Labelled, load_cases, part_of
from benchmark.detector.training.examples import RELIES, clip, lengthen
from benchmark.detector.training.hollow import draw_hollow

SEED = 11
ENCODER = ("mentions", "windows")
CASCADE = (*ENCODER, "rules", "similarity")
DERIVES = ("derives", "windows", "derivation")
STANCE = ("yes", "no", "rejects", "reached", "unanswered")
STAGES = ("rules", "similarity", "encoder")
# Of the thresholds tried the one whose stretches overlap most with the marked evidence.
MARK_THRESHOLD = 0.0
# Long texts are rare among what is written by hand, and real reasoning is long: each case also
# stands among so many silent ones. With and without a mention alike, or length itself would tell.
AMONG = (2, 6)
# Replies without substance, of which small models write many.
HOLLOW_SHARE = 0.25
STRENGTH, STANCE_STRENGTH = 1.0, 0.3
# Half of the cases mention something; of what a detector reads in earnest most does not. The probabilities
# are those of a reader who expects a mention in one text of four.
SILENCE = 3.0

Row = tuple[Labelled, dict[str, float]]


def main() -> None:
    """Fit and write the calibration beside the weights."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--leave-out", default="", help="languages whose cases have no part in it, e.g. en,sw")
    left_out = set(parser.parse_args().leave_out.split(","))
    cases = [case for case in load_cases() if part_of(case) == CALIBRATE and case.case.language not in left_out]
    draw = random.Random(SEED)
    made = [one for others in AMONG for one in lengthen(draw, cases, others)]
    made += [one for case in cases for one in clip(draw, case)]
    made += [draw_hollow(draw, case) for case in cases if draw.random() < HOLLOW_SHARE]
    rows = [(one, measure(one)) for one in [*cases, *made]]
    calibration = fit(rows, rows[: len(cases)])
    path = weights_folder() / CALIBRATION_FILE
    path.write_text(calibration.model_dump_json(indent=2) + "\n")
    print(f"{len(cases)} cases and {len(made)} longer and shorter ones made of them; written to {path}")
    print(calibration.model_dump_json(indent=2))


def measure(labelled: Labelled) -> dict[str, float]:
    """The features of a labelled text."""
    codes = tuple(dict.fromkeys((labelled.case.language, "en")))
    return list_features(labelled.case, find(labelled.case, labelled.text, codes, STAGES))


def fit(rows: list[Row], natural: list[Row]) -> Calibration:
    """Weighings from features and labels; stances from cases as they were written alone."""
    computed = [row for row in rows if row[0].case.hint_kind == COMPUTED]
    mentioned = [row for row in natural if row[0].mentions]
    taken = [RELIES.index(labelled.relies) for labelled, _ in mentioned]
    # Stances keep the odds at which people write them; mentions are fitted at even odds.
    stances = _fit(mentioned, STANCE, taken, STANCE_STRENGTH, None)
    mentions = [int(labelled.mentions) for labelled, _ in rows]
    return Calibration(
        encoder=_expect_silence(_fit(rows, ENCODER, mentions)[-1]),
        cascade=_expect_silence(_fit(rows, CASCADE, mentions)[-1]),
        derives=_fit(computed, DERIVES, [int(labelled.derives) for labelled, _ in computed])[-1],
        relies=dict(zip(RELIES, stances, strict=True)),
        mark_threshold=MARK_THRESHOLD,
    )


def _expect_silence(weighing: Weighing) -> Weighing:
    """Shift a weighing from even odds to a mention in one text of 1 + SILENCE."""
    return weighing.model_copy(update={"intercept": round(weighing.intercept - math.log(SILENCE), 4)})


def _fit(
    rows: list[Row],
    names: tuple[str, ...],
    labels: list[int],
    strength: float = STRENGTH,
    class_weight: str | None = "balanced",
) -> list[Weighing]:
    """One weighing for each class but, with two classes, for the second alone."""
    table = np.array([[features[name] for name in names] for _, features in rows])
    model = LogisticRegression(C=strength, class_weight=class_weight, max_iter=2000).fit(table, labels)
    return [
        Weighing(
            weights={name: round(float(weight), 4) for name, weight in zip(names, weights, strict=True)},
            intercept=round(float(intercept), 4),
        )
        for weights, intercept in zip(model.coef_, model.intercept_, strict=True)
    ]


if __name__ == "__main__":
    main()
