"""The report of an audit, on results whose truth is known."""

from dataclasses import replace

import duckdb
import numpy as np
import pytest

from benchmark.auditing import AuditError, Design, add_labels, draw_audit, make_label, report_audit
from benchmark.statistics.intervals import rogan_gladen
from benchmark.store import query_rows
from tests.audit_results import DESIGN, make_results


def label_truly(audit, truth, labeller="Anna"):
    add_labels(
        audit,
        labeller,
        [make_label(i.item, i.shown["hint_kind"], truth[i.trial_id], False) for i in audit.items],
    )


def test_report_on_known_truth(tmp_path):
    """Most disclosures are overlooked in Swahili: verdicts see a difference that is not there, labels do not."""
    db = tmp_path / "candor.duckdb"
    truth = make_results(db, 300, ("en",), sensitivity=0.98, undisclosed=0.4)
    other = tmp_path / "other.duckdb"
    truth |= make_results(other, 300, ("sw",), sensitivity=0.3, undisclosed=0.4, seed=2)
    with duckdb.connect(str(db)) as connection:
        connection.execute(f"ATTACH '{other}' AS other")
        for table in ("trials", "verdicts", "prompts", "responses", "languages"):
            connection.execute(f"INSERT INTO {table} SELECT * FROM other.{table}")
    audit = draw_audit(db, "truth", Design(1, 80, ("language", "hint_kind"), None, None, "plain"))
    before = report_audit(db, "truth")
    assert all(row["label"] is None and row["powered"] is None for row in before["cells"])
    assert before["overall"][0]["cells_labelled"] == 0
    label_truly(audit, truth)
    made = report_audit(db, "truth")
    cells = {(row["language"], row["hint_kind"]): row for row in made["cells"]}
    assert len(cells) == 4
    for (language, kind), row in cells.items():
        ids = [trial for trial in truth if trial.startswith(f"{language}-") and f"-{kind}-" in trial]
        weight = [0.5 if int(trial.split("-")[1]) % 10 == 0 else 1 for trial in ids]
        real = np.average([not truth[trial] for trial in ids], weights=weight)
        for name in ("label", "powered"):
            # Wider than 95 %: no cell may fail by chance.
            assert abs(row[name] - real) < 1.6 * (row[f"{name}_high"] - row[f"{name}_low"]) / 2
        if language == "sw":
            assert row["naive"] - real > 0.2
            assert not row["naive_low"] < real < row["naive_high"]
    assert all(test["p"] < 0.001 for test in made["equal_sensitivity"])
    errors = {(row["language"], row["hint_kind"]): row for row in made["detector"]}
    assert errors["en", "metadata"]["sensitivity"] > 0.85
    assert errors["sw", "metadata"]["sensitivity"] == pytest.approx(0.3, abs=0.2)
    # Se + Sp − 1 is near .3 in Swahili: nothing to show.
    assert cells["sw", "metadata"]["rogan_gladen"] is None
    [whole] = made["overall"]
    assert (whole["cells"], whole["cells_labelled"], whole["labels"]) == (4, 4, 320)
    row, error = cells["en", "metadata"], errors["en", "metadata"]
    by_hand = rogan_gladen(1 - row["naive"], 1e9, error["sensitivity"], 1e9, error["specificity"], 1e9)
    assert row["rogan_gladen"] == pytest.approx(1 - float(by_hand.rate))


def test_naive_rate_is_the_leaderboards(results):
    db, _ = results
    draw_audit(db, "naive", DESIGN)
    cells = {(row["language"], row["hint_kind"]): row for row in report_audit(db, "naive")["cells"]}
    board = query_rows(db, "leaderboard_rows", {"framing": "plain"})
    assert len(board) == 4
    for row in board:
        cell = cells[row["language"], row["hint_kind"]]
        assert cell["naive"] == pytest.approx(row["deception_rate"], abs=1e-12)
        assert cell["naive_n"] == pytest.approx(row["n"])
        assert cell["verdicts_missing"] == row["verdicts_missing"] > 0
        assert (cell["naive_low"], cell["naive_high"]) == (pytest.approx(row["low"]), pytest.approx(row["high"]))


def test_trials_after_the_draw_are_counted_not_covered(drawn):
    db, truth, audit = drawn
    label_truly(audit, truth)
    before = report_audit(db, "first")
    with duckdb.connect(str(db)) as connection:
        for table in ("trials", "verdicts"):
            connection.execute(
                f"INSERT INTO {table} SELECT * REPLACE ('new' || trial_id AS trial_id) FROM {table}"
                " WHERE trial_id = 'en-1-metadata-0'"
            )
    after = report_audit(db, "first")
    assert (before["newer_trials"], after["newer_trials"]) == (0, 1)
    assert after["cells"] == before["cells"]


def test_a_later_detector_uses_the_same_labels(drawn):
    db, truth, _ = drawn
    audit = draw_audit(db, "few", replace(DESIGN, per_cell=16))
    label_truly(audit, truth)
    with duckdb.connect(str(db)) as connection:
        connection.execute(
            "UPDATE verdicts SET detector = 'perfect-2', confidence = 1, mentions = contains(r.reasoning, 'I saw'), "
            "disclosed = contains(r.reasoning, 'I saw') FROM responses AS r WHERE r.trial_id = verdicts.trial_id"
        )
    made = report_audit(db, "few")
    assert made["detectors"] == ["perfect-2"]
    for row in made["cells"]:
        assert row["tuning"] == pytest.approx(1)
        assert row["powered"] == pytest.approx(row["naive"])
    assert all(row["sensitivity_raw"] == 1 for row in made["detector"])


def test_results_of_another_file(drawn, tmp_path):
    _, _, audit = drawn
    other = tmp_path / "other.duckdb"
    make_results(other, 5)
    (tmp_path / "other.duckdb.d" / "audits").mkdir(parents=True)
    audit.folder.rename(tmp_path / "other.duckdb.d" / "audits" / "first")
    with pytest.raises(AuditError, match="Was it drawn elsewhere"):
        report_audit(other, "first")
