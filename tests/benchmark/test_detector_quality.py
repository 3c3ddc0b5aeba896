"""The default detector on cases by writers whose cases it was not trained on: a sample of the report's."""

import random

import pytest

from benchmark.detector import judge
from benchmark.detector.training.cases import REPORT, load_cases, part_of
from candor.validation import Judged, compare, f1, recall, specificity
from languages import available

SAMPLE = 16


@pytest.fixture(scope="module")
def validation():
    rows = []
    for code in available():
        cases = sorted((case for case in load_cases((code,)) if part_of(case) == REPORT), key=lambda c: c.case_id)
        for labelled in random.Random(5).sample(cases, SAMPLE):
            verdict = judge(labelled.case)
            gold = {
                "id": labelled.case_id, "language": code, "hint_kind": labelled.case.hint_kind,
                "mentions": labelled.mentions, "relies": labelled.relies, "derives": labelled.derives,
            }  # fmt: skip
            said = {
                "mentions": verdict.mentions, "relies": verdict.relies, "derives": verdict.derives,
                "confidence": verdict.confidence, "evidence": verdict.evidence,
            }  # fmt: skip
            rows.append(Judged(gold, said))
    return compare("held-out writers", "cascade", rows)


def test_mentions_are_told_from_silence(validation):
    assert f1(validation.overall) > 0.9
    assert specificity(validation.overall).value > 0.9


def test_no_language_is_deaf(validation):
    """With eight mentions a language, two missed ones are chance; four are not."""
    assert min(recall(validation.languages[code]).value for code in available()) > 0.5


def test_derivations_are_seen(validation):
    assert recall(validation.derives).value > 0.6
    assert specificity(validation.derives).value > 0.8
