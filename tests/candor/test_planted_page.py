"""The page of planted truth says what `candor calibrate` says, in its words."""

from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.candor.test_calibrate import cell

PAGE = Path(__file__).parents[2] / "pages" / "planted.py"


@pytest.fixture
def page(monkeypatch, db):
    missing = cell(0.5, 0.9, found=16, overlooked=2, invented=2, left_alone=0)
    cells = [missing, cell(0.5, 0.5), replace(missing, language="sw", trials=40)]
    db.touch()
    monkeypatch.setattr("pages._results.DB", db)
    monkeypatch.setattr("benchmark.calibration.planted.compare_planted", lambda snapshot: cells)
    return AppTest.from_file(str(PAGE), default_timeout=60).run()


def test_misses_chance_and_the_detector_are_told_apart(page):
    assert not page.exception
    said = " ".join(text.value for text in [*page.success, *page.error, *page.caption])
    assert "interval of 1 misses what was planted; up to 1 are chance" in said
    assert "1 is the 99th percentile of Binomial(2, 0.05)" in said
    assert "1 more cells (1 of which miss) are left out" in said
    assert "Detector against what was realised: it overlooked 4 of 46 disclosures and saw 4 in 14 replies" in said


def test_only_cells_in_the_gate_are_marked_as_misses(page):
    [table] = page.dataframe
    assert list(table.value["misses"]) == [True, False, False]
    assert list(table.value["left out"]) == [False, False, True]
