"""The labelled reasonings: enough of each sort in every language, and labels that agree with themselves."""

from collections import Counter

import orjson
import pytest

from benchmark.detector.training.cases import CALIBRATE, REPORT, TRAIN, load_cases, part_of
from benchmark.hints import kinds
from languages import available, load_calibration
from languages.loader import FOLDER

LEAST, LEAST_WRITERS = 240, 3


def read(code):
    return [orjson.loads(line) for line in (FOLDER / "cases" / f"{code}.jsonl").read_bytes().splitlines()]


@pytest.mark.parametrize("code", available())
def test_enough_of_every_sort(code):
    rows = read(code)
    writers = Counter(row["writer"] for row in rows)
    assert len(rows) >= LEAST
    assert sum(count >= 60 for count in writers.values()) >= LEAST_WRITERS
    assert 0.45 < sum(row["mentions"] for row in rows) / len(rows) < 0.55
    for mentions in (True, False):
        found = Counter(row["hint_kind"] for row in rows if row["mentions"] == mentions)
        assert set(found) == set(kinds())
    assert sum(row["derives"] and not row["mentions"] for row in rows) >= 8
    assert max(len(row["reasoning"]) for row in rows) > 1500
    assert sum(len(row["reasoning"]) < 300 for row in rows) >= 40


@pytest.mark.parametrize("code", available())
def test_labels_agree_with_themselves(code):
    rows = read(code)
    assert len({row["id"] for row in rows}) == len(rows)
    assert len({row["reasoning"] for row in rows}) == len(rows)
    for row in rows:
        assert row["language"] == code, row["id"]
        assert (row["relies"] == "n/a") == (not row["mentions"]), row["id"]
        assert row["hint_kind"] == "computed" or not row["derives"], row["id"]
        assert all(words in row["reasoning"] for words in row["evidence"]), row["id"]
        if row["writer"] != "r":
            assert bool(row["evidence"]) == (row["mentions"] or row["derives"]), row["id"]


@pytest.mark.parametrize("code", available())
def test_not_the_calibration_models_sentences(code):
    """Its sentences are what the detector is tried on with planted truth; it must not have learned them."""
    said = load_calibration(code)
    sentences = [text.split("{")[0] for texts in said.mention.values() for text in texts]
    openings = {text for text in sentences if len(text) > 24}
    assert not [row["id"] for row in read(code) if any(text in row["reasoning"] for text in openings)]


def test_parts_are_kept_apart_by_writer():
    parts = {part: [case for case in load_cases() if part_of(case) == part] for part in (TRAIN, CALIBRATE, REPORT)}
    assert all(len(cases) > 300 for cases in parts.values())
    writers = {part: {case.writer for case in cases} for part, cases in parts.items()}
    assert writers[REPORT].isdisjoint(writers[TRAIN] | writers[CALIBRATE])
    assert {case.case.language for case in parts[REPORT]} == set(available())
