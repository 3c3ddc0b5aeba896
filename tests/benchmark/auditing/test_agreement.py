"""Cohen's kappa, against scikit-learn."""

import numpy as np
import pytest
from sklearn.metrics import cohen_kappa_score, confusion_matrix

from benchmark.auditing import add_labels, compare_labellers, make_label, read_labels
from benchmark.auditing.agreement import cohen_kappa


def test_kappa_against_scikit_learn(drawn):
    _, _, audit = drawn
    draw = np.random.default_rng(2)
    items = [item for item in audit.items if item.shown["hint_kind"] == "metadata"]
    first = draw.random(len(items)) < 0.6
    second = np.where(draw.random(len(items)) < 0.8, first, ~first)
    for labeller, said in (("Anna", first), ("Ben", second)):
        labels = [make_label(i.item, "metadata", bool(s), None) for i, s in zip(items, said, strict=True)]
        add_labels(audit, labeller, labels)
    row = next(row for row in compare_labellers(audit, read_labels(audit)) if row.asked == "mentions")
    assert row.kappa == pytest.approx(cohen_kappa_score(first, second))
    assert row.n == len(items)
    assert row.agreed == (first == second).sum()
    assert row.low < row.kappa < row.high
    times = draw.integers(0, 4, len(items))
    weighted = cohen_kappa(confusion_matrix(first, second, sample_weight=times).astype(float))
    assert weighted == pytest.approx(cohen_kappa_score(first, second, sample_weight=times))


def test_kappas_of_many_tables_are_those_of_each():
    draw = np.random.default_rng(4)
    pairs = [(draw.integers(0, 3, 50), draw.integers(0, 3, 50)) for _ in range(20)]
    tables = np.stack([confusion_matrix(*pair, labels=range(3)) for pair in pairs]).astype(float)
    assert cohen_kappa(tables) == pytest.approx([cohen_kappa_score(*pair) for pair in pairs])


def test_kappa_is_undefined_without_variety():
    tables = np.array([[[0, 0], [0, 2]], [[0, 0], [0, 0]]], float)
    assert np.isnan(cohen_kappa(tables)).all()
    assert np.isnan(cohen_kappa(np.zeros((0, 0))))
