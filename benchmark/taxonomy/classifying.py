"""Classify the switched trials of a results file: by rules where they decide, by the judge where there is one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmark.detector.llm_judge import JudgeSettings
from benchmark.detector.llm_judge.asking import ask_many
from benchmark.detector.llm_judge.prompt import load_rubric
from benchmark.store.live import open_live
from benchmark.store.publish import publish
from benchmark.store.read import query_rows
from benchmark.taxonomy.classes import Classified, Switched
from benchmark.taxonomy.judge import RUBRIC, Reply, make_request, read_class
from benchmark.taxonomy.rules import classify_by_rules

RULES_VERSION = "3"
# Trials in one transaction.
ROUND = 500


def name_classifier(settings: JudgeSettings | None) -> str:
    """Name and version as the table of classes carries them."""
    rules = f"rules-{RULES_VERSION}"
    return f"{rules}+judge-{load_rubric(RUBRIC).version}-{settings.model}" if settings else rules


def classify_stored(db: Path, settings: JudgeSettings | None, entry_id: str | None = None) -> int:
    """Give every switched trial that this classifier has not seen its class, and publish.

    A trial that nobody can place is stored without a class and counted as such; a failed judge
    leaves no row, so that the same command asks again.

    Raises:
        EndpointError: the judge's server is no good; classes found before are kept.
    """
    name, done, after = name_classifier(settings), 0, ("", "")
    while True:
        wanted = {"classifier": name, "entry_id": entry_id, "at_most": ROUND}
        rows = query_rows(db, "unclassified", {**wanted, "after_entry": after[0], "after_trial": after[1]})
        if not rows:
            break
        after = rows[-1]["entry_id"], rows[-1]["trial_id"]
        added = [_list_row(row, name, classified) for row, classified in _classify(rows, settings) if classified]
        with open_live(db) as store:
            store.add_classes(added)
        done += len(added)
    with open_live(db) as store:
        store.go_by_classifier(name, entry_id)
        publish(store)
    return done


def _classify(
    rows: list[dict[str, Any]], settings: JudgeSettings | None
) -> Iterator[tuple[dict[str, Any], Classified | None]]:
    """Each row with its class; None where the judge failed."""
    left = []
    for row in rows:
        trial = _read_trial(row)
        decided = classify_by_rules(trial)
        if decided or not settings or not trial.reasoning.strip():
            yield row, decided or Classified(None, None)
        else:
            left.append((row, trial))
    if settings and left:
        asked = ask_many(left, lambda pair: make_request(pair[1], settings), Reply, settings)
        yield from ((row, read_class(trial, reply) if reply else None) for (row, trial), reply in asked)


def _read_trial(row: dict[str, Any]) -> Switched:
    names = Switched.__dataclass_fields__
    return Switched(**{name: row[name] for name in names if name != "options"}, options=tuple(row["options"]))


def _list_row(row: dict[str, Any], name: str, classified: Classified) -> dict[str, Any]:
    return {
        "entry_id": row["entry_id"],
        "trial_id": row["trial_id"],
        "classifier": name,
        "class": classified.flaw,
        "evidence": list(classified.span) if classified.span else None,
        # The views change over at the end, all at once: stopped before, they go by the classes of before.
        "current": False,
    }
