"""What an audit says: every cell's rate by the detector and by its labels, and how far the detector errs."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from benchmark.auditing.agreement import compare_labellers, list_disagreements
from benchmark.auditing.detector_error import Pooled, Share, compare_shares, measure_share, pool_shares
from benchmark.auditing.drawing import ALWAYS
from benchmark.auditing.errors import AuditError
from benchmark.auditing.estimators import Estimate, estimate_by_labels, estimate_by_predictions
from benchmark.auditing.folder import Audit, read_audit
from benchmark.auditing.labels import read_labels, settle
from benchmark.auditing.naive import Naive, estimate_naively
from benchmark.auditing.population import Population
from benchmark.statistics.intervals import rogan_gladen
from benchmark.store.read import query_rows

Row = dict[str, Any]
NO_TEST = "no test: fewer than two languages with labelled disclosures, or all found, or none"


def report_audit(db: Path, name: str) -> Row:
    """The whole report, as `candor audit report --json` prints it. Rates are of *undisclosed*, fractions.

    Keys: `audit`, `design`, `detectors`, `trials` (switched, at the draw), `newer_trials` (since then, not
    covered), `labels`, `agreement`, `disagreements`, `cells`, `overall`, `detector`, `equal_sensitivity`.

    Raises:
        FileNotFoundError, AuditError: no such results file or audit, or not of one another.
    """
    audit = read_audit(db, name)
    labels = read_labels(audit)
    settled = settle(audit, labels)
    rows, newer, detectors = _join(db, audit, settled.disclosed)
    dimensions = (*ALWAYS, *audit.design.by)
    errors, tests = _measure_detector(rows, dimensions)
    read = {item for of_one in labels.values() for item in of_one}
    corrected = {tuple(row[name] for name in dimensions): row for row in errors} if "language" in dimensions else {}
    return {
        "audit": name,
        "design": asdict(audit.design),
        "detectors": detectors,
        "trials": len(rows),
        "newer_trials": newer,
        "labels": {
            "drawn": len(audit.items),
            "labellers": {labeller: len(of_one) for labeller, of_one in labels.items()},
            "used": len(settled.disclosed),
            "disputed": len(settled.disputed),
            "unclear": len(settled.unclear),
            "unread": len(audit.items) - len(read),
        },
        "agreement": [asdict(row) for row in compare_labellers(audit, labels)],
        "disagreements": [asdict(row) for row in list_disagreements(audit, labels)],
        "cells": [_rate_cell(key, cell, dimensions, corrected) for key, cell in _group(rows, dimensions).items()],
        "overall": [_rate_whole(key, whole, audit) for key, whole in _group(rows, ALWAYS).items()],
        "detector": errors,
        "equal_sensitivity": tests,
    }


def predict(disclosed: bool | None, confidence: float | None) -> float:
    """The detector's probability that a trial is undisclosed; 1/2 without a verdict."""
    if disclosed is None:
        return 0.5
    sure = 1.0 if confidence is None else confidence
    return 1 - sure if disclosed else sure


def _join(db: Path, audit: Audit, disclosed: dict[str, bool]) -> tuple[list[Row], int, list[str]]:
    """The frame's rows with present verdict, weights and label; how many switched trials are newer; detectors."""
    rows = audit.read_frame()
    verdicts = {
        (row["entry_id"], row["trial_id"]): row for row in query_rows(db, "audit_verdicts", audit.design.filters)
    }
    labels = {(i.entry_id, i.trial_id): disclosed[i.item] for i in audit.items if i.item in disclosed}
    for row in rows:
        key = row["entry_id"], row["trial_id"]
        if key not in verdicts:
            raise AuditError(
                f"--db {db}: trial {key[1]} of the audit {audit.name!r} is not in it. Was it drawn elsewhere?"
            )
        row["disclosed"] = verdicts[key]["disclosed"]
        row["detector"] = verdicts[key]["detector"]
        row["prediction"] = predict(row["disclosed"], verdicts[key]["confidence"])
        row["label"] = float(not labels[key]) if key in labels else np.nan
        row["weight"] = row["w"] / row["parsed"]
    # As in the deception rate, where a question's answers without a verdict do not count.
    missing = Counter(_question_of(row) for row in rows if row["disclosed"] is None)
    for row in rows:
        known = row["parsed"] - missing[_question_of(row)]
        row["naive_weight"] = row["w"] / known if row["disclosed"] is not None else None
    known_keys = {(row["entry_id"], row["trial_id"]) for row in rows}
    present = query_rows(db, "audit_frame", audit.design.filters)
    newer = sum((row["entry_id"], row["trial_id"]) not in known_keys for row in present)
    return rows, newer, sorted({row["detector"] for row in rows if row["detector"]})


def _question_of(row: Row) -> tuple[str, ...]:
    return tuple(row[name] for name in (*ALWAYS, "language", "hint_kind", "question_id"))


def _group(rows: list[Row], dimensions: tuple[str, ...]) -> dict[tuple[str, ...], list[Row]]:
    groups: dict[tuple[str, ...], list[Row]] = defaultdict(list)
    for row in rows:
        groups[tuple(row[name] or "" for name in dimensions)].append(row)
    return groups


def _population(rows: list[Row]) -> Population:
    def number(name: str) -> np.ndarray:
        return np.unique([row[name] for row in rows], return_inverse=True)[1].reshape(-1)

    def column(name: str) -> np.ndarray:
        return np.array([row[name] for row in rows], dtype=np.float64)

    return Population(
        number("question_id"), number("stratum"), column("weight"), column("prediction"), column("label")
    )  # fmt: skip


def _rates(rows: list[Row]) -> Row:
    population, naive = _population(rows), estimate_naively(rows)
    estimates = {"label": estimate_by_labels(population), "powered": estimate_by_predictions(population)}
    return {
        "model": rows[0]["model"],
        "trials": len(rows),
        "verdicts_missing": sum(row["disclosed"] is None for row in rows),
        "labels": int(population.labelled.sum()),
        **_list_naive(naive),
        **{key: value for name, made in estimates.items() for key, value in _list_estimate(name, made).items()},
        "tuning": estimates["powered"].tuning,
    }


def _rate_cell(
    key: tuple[str, ...], rows: list[Row], dimensions: tuple[str, ...], corrected: dict[tuple[str, ...], Row]
) -> Row:
    error = corrected.get(key, {})
    names = ("rogan_gladen", "rogan_gladen_low", "rogan_gladen_high")
    return dict(zip(dimensions, key, strict=True)) | _rates(rows) | {name: error.get(name) for name in names}


def _rate_whole(key: tuple[str, ...], rows: list[Row], audit: Audit) -> Row:
    """All cells of an entry, suite and framing, each switch counting the same; None unless every cell has labels."""
    cells = _group(rows, (*ALWAYS, *audit.design.by))
    with_labels = sum(_population(cell).covered for cell in cells.values())
    return dict(zip(ALWAYS, key, strict=True)) | {"cells": len(cells), "cells_labelled": with_labels} | _rates(rows)


def _list_naive(naive: Naive) -> Row:
    return {"naive": naive.rate, "naive_low": naive.low, "naive_high": naive.high, "naive_n": naive.n}


def _list_estimate(name: str, estimate: Estimate) -> Row:
    return {name: estimate.rate, f"{name}_low": estimate.low, f"{name}_high": estimate.high}


def _measure_detector(rows: list[Row], dimensions: tuple[str, ...]) -> tuple[list[Row], list[Row]]:
    """Sensitivity and specificity of every cell and language, pooled over languages; a test for each pool."""
    pools: dict[tuple[str, ...], list[tuple[str, ...]]] = defaultdict(list)
    pooled_by = tuple(name for name in dimensions if name != "language")
    domains = _group(rows, (*pooled_by, "language"))
    for key in domains:
        pools[key[:-1]].append(key)
    errors, tests = [], []
    for pool, keys in pools.items():
        cell = [row for key in keys for row in domains[key]]
        shares = [_measure(cell, key[-1]) for key in keys]
        sensitivities = pool_shares([found for found, _ in shares])
        specificities = pool_shares([spared for _, spared in shares])
        names: Row = dict(zip(pooled_by, pool, strict=True)) | {"model": cell[0]["model"]}
        for key, raw, se, sp in zip(keys, shares, sensitivities, specificities, strict=True):
            errors.append(names | {"language": key[-1]} | _list_error(domains[key], raw, se, sp))
        p = compare_shares([found for found, _ in shares])
        with_labels = sum(found.value is not None for found, _ in shares)
        tests.append(names | {"languages": with_labels, "p": p, "why": None if p is not None else NO_TEST})
    return errors, tests


def _measure(rows: list[Row], language: str) -> tuple[Share, Share]:
    """Sensitivity and specificity in one language of a pool, within the strata that it touches."""
    touched = {row["stratum"] for row in rows if row["language"] == language}
    rows = [row for row in rows if row["stratum"] in touched]
    population = _population(rows)
    said = np.array([np.nan if row["disclosed"] is None else float(row["disclosed"]) for row in rows])
    inside = np.array([row["language"] == language for row in rows])
    return measure_share(population, said, inside, True), measure_share(population, said, inside, False)


def _list_error(rows: list[Row], raw: tuple[Share, Share], se: Pooled, sp: Pooled) -> Row:
    shown: Row = {}
    for name, share, pooled in (("sensitivity", raw[0], se), ("specificity", raw[1], sp)):
        shown |= {
            name: pooled.value,
            f"{name}_low": pooled.low,
            f"{name}_high": pooled.high,
            f"{name}_raw": share.value,
            f"{name}_labels": share.labels,
            f"{name}_n": share.n,
        }
    return shown | _correct(estimate_naively(rows), se, sp)


def _correct(naive: Naive, se: Pooled, sp: Pooled) -> Row:
    """Rogan–Gladen of the undisclosed rate, cut to [0, 1] for display; None where Se + Sp − 1 < .5."""
    values: tuple[float | None, ...] = (None, None, None)
    if naive.rate is not None and se.value is not None and sp.value is not None:
        made = rogan_gladen(1 - naive.rate, naive.effective_n, se.value, se.n, sp.value, sp.n)
        rate, low, high = (float(value) for value in made.shown)
        values = (None, None, None) if np.isnan(rate) else (1 - rate, 1 - high, 1 - low)
    return dict(zip(("rogan_gladen", "rogan_gladen_low", "rogan_gladen_high"), values, strict=True))
