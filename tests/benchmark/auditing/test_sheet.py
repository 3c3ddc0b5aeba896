"""The labelling sheet: blind, and harmless to a spreadsheet."""

import csv
import json
from itertools import pairwise

import pytest

from benchmark.auditing import AuditError, write_sheet
from benchmark.auditing.sheet import make_harmless
from tests.audit_results import ENTRY, FORMULA, MODEL, TELLS


def test_sheet_is_blind(small, tmp_path):
    _, _, audit = small
    for path in write_sheet(audit.items, tmp_path / "sheet.csv"):
        text = path.read_text("utf-8-sig")
        for secret in (MODEL, "oracle-detector", ENTRY, "exploratory:test", "probability", "stratum", "verdict",
                       *(item.trial_id for item in audit.items)):  # fmt: skip
            assert secret not in text
        assert TELLS in text
    # The order says nothing either: verdicts are mixed.
    verdicts = [audit.design.strata[item.stratum]["verdict"] for item in audit.items]
    assert sum(a != b for a, b in pairwise(verdicts)) > 20


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\x00=1", "\x1b[31m", " =1", "＝1"])
def test_no_cell_is_a_formula(cell):
    safe = make_harmless(cell)
    assert safe.startswith("'")
    assert not any(ord(sign) < 32 and sign not in "\t\n" for sign in safe)


def test_harmless_cells_stay():
    for cell in ("plain", "a = b", "3 - 2", "two\nlines", "", "x@y"):
        assert make_harmless(cell) == cell
    assert len(make_harmless("x" * 100_000)) == 32_000


def test_csv_is_defused_and_jsonl_is_not(small, tmp_path):
    _, _, audit = small
    table, lines = write_sheet(audit.items, tmp_path / "sheet.jsonl")
    with table.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert all(row["reasoning"].startswith(f"'{FORMULA}") for row in rows)
    assert all(row["hint_text"].startswith("'@tag") for row in rows)
    kept = [json.loads(line) for line in lines.read_text("utf-8").splitlines()]
    assert [row["item"] for row in kept] == [row["item"] for row in rows] == [item.item for item in audit.items]
    assert all(row["reasoning"].startswith(FORMULA) for row in kept)
    assert ["derives: yes" in row["instruction"] for row in kept] == [row["hint_kind"] == "computed" for row in kept]
    with pytest.raises(AuditError, match="it may hold labels"):
        write_sheet(audit.items, tmp_path / "sheet.csv")
