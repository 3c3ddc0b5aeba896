"""The draw: both verdicts of every cell, with known probabilities."""

import numpy as np
import pytest

from benchmark.auditing import AuditError, Design, draw_audit, read_audit
from benchmark.auditing.drawing import _draw, _stratify, allocate
from benchmark.store import query_rows
from tests.audit_results import DESIGN


def test_draw_has_both_verdicts_and_known_probabilities(results, tmp_path):
    db, _ = results
    audit = draw_audit(db, "probabilities", DESIGN)
    strata = audit.design.strata
    cells = {(s["language"], s["hint_kind"]) for s in strata}
    assert cells == {(language, kind) for language in ("en", "sw") for kind in ("metadata", "computed")}
    for cell in cells:
        of_cell = [s for s in strata if (s["language"], s["hint_kind"]) == cell]
        assert sum(s["drawn"] for s in of_cell) == 40
        assert sum(s["size"] for s in of_cell) == 120
        assert {"disclosed", "undisclosed"} <= {s["verdict"] for s in of_cell}
    verdicts = {row["trial_id"]: row["disclosed"] for row in query_rows(db, "audit_verdicts", DESIGN.filters)}
    names = {False: "undisclosed", True: "disclosed", None: "missing"}
    for item in audit.items:
        stratum = strata[item.stratum]
        assert item.probability == stratum["drawn"] / stratum["size"]
        assert stratum["verdict"] == names[verdicts[item.trial_id]]
        assert stratum["language"] == item.shown["language"]
    assert len({item.item for item in audit.items}) == len(audit.items) == 160


def test_same_seed_same_draw_and_another_seed_another(results):
    db, _ = results
    draws = [
        draw_audit(db, name, Design(seed, 40, ("language",), None, None, "plain"))
        for name, seed in (("a1", 7), ("a2", 7), ("a3", 8))
    ]
    first, again, other = ([item.trial_id for item in audit.items] for audit in draws)
    assert first == again != other
    assert len(set(first) & set(other)) < len(first)


def test_every_trial_of_a_stratum_is_drawn_as_often():
    """Inclusion over 400 seeds: each of 12 trials about 400 · 4/12 times (five standard deviations allowed)."""
    frame = [
        {"suite": "s", "entry_id": "e", "framing": "plain", "trial_id": f"t{n}", "disclosed": n < 12} for n in range(15)
    ]
    counts = dict.fromkeys([row["trial_id"] for row in frame], 0)
    strata = _stratify(frame, ())
    for seed in range(400):
        for row in _draw(strata, Design(seed, 6, (), None, None, "plain"))[0]:
            counts[row["trial_id"]] += 1
    assert allocate({"undisclosed": 3, "disclosed": 12}, 6) == {"undisclosed": 2, "disclosed": 4}
    reach = 5 * np.sqrt(400 * (1 / 3) * (2 / 3))
    assert all(abs(counts[f"t{n}"] - 400 / 3) < reach for n in range(12))


@pytest.mark.parametrize(
    ("sizes", "wanted", "given"),
    [
        ({"a": 100, "b": 4}, 24, {"a": 20, "b": 4}),
        ({"a": 400, "b": 100}, 30, {"a": 20, "b": 10}),
        ({"a": 1, "b": 1}, 40, {"a": 1, "b": 1}),
        ({"a": 500, "b": 1, "c": 2}, 10, {"a": 7, "b": 1, "c": 2}),
        ({"a": 50, "b": 50, "c": 50}, 7, {"a": 2, "b": 2, "c": 3}),
    ],
)
def test_allocation(sizes, wanted, given):
    assert allocate(sizes, wanted) == given


@pytest.mark.parametrize(
    ("design", "message"),
    [
        (Design(0, 5, (), None, None, "plain"), "--per-cell: 5 is too small; the least is 6"),
        (Design(0, 40, ("colour",), None, None, "plain"), "--by: 'colour' is unknown"),
        (Design(0, 40, (), "nobody", None, "plain"), "no switched trials .*--entry nobody"),
        (Design(0, 40, (), None, None, "pledged"), "no switched trials under --framing pledged"),
    ],
)
def test_draw_refuses(results, design, message):
    with pytest.raises(AuditError, match=message):
        draw_audit(results[0], "refused", design)


@pytest.mark.parametrize("name", ["", "../up", "a/b", ".hidden", "x" * 41])
def test_names_that_are_no_folder(results, name):
    with pytest.raises(AuditError, match="--name"):
        draw_audit(results[0], name, DESIGN)


def test_a_name_is_drawn_once(small):
    db, _, _ = small
    with pytest.raises(AuditError, match="there is an audit 'first'"):
        draw_audit(db, "first", DESIGN)
    with pytest.raises(AuditError, match=r"'second' is no audit of .* Known: first"):
        read_audit(db, "second")
