"""Judge stored responses: those that a run left for later, or all of them by another detector."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice, tee
from pathlib import Path
from typing import Any

from benchmark.detector import DEFAULT_DETECTOR, Case, Detector
from benchmark.detector.cascade import DETECTORS
from benchmark.judging import list_verdict
from benchmark.store.live import open_live
from benchmark.store.publish import publish

# Verdicts in one transaction; the store is free for others while they are worked out.
ROUND = 1000
# Stands in the name of the cascade with a judge behind it.
JOINED = "+"


def judge_stored(
    db: Path, detector: Detector, entry_id: str | None = None, on_round: Callable[[int], None] = lambda done: None
) -> int:
    """Add a verdict to every stored response on which the detector has not spoken, or could not tell.

    Older verdicts of other detectors stay, and the views go by them until `go_by` says otherwise.

    Killed at any moment it loses at most a round, and goes on from there.

    Args:
        db: the results file.
        detector: who judges.
        entry_id: only this entry's responses; None for all.
        on_round: told how many are done after every round.

    Returns:
        the number of verdicts added.
    """
    done = 0
    with open_live(db) as store:
        store.drop_missing(detector.name, entry_id)
    while True:
        before = done
        # One stream for all rounds: the detector may have processes of its own, which take long to start.
        waiting, judged = tee(_read_unjudged(db, detector.name, entry_id))
        verdicts = zip(detector.judge_cases(map(_make_case, judged)), waiting, strict=True)
        while taken := list(islice(verdicts, ROUND)):
            added = [
                list_verdict(row["entry_id"], row["trial_id"], verdict.by(detector.name)) for verdict, row in taken
            ]
            with open_live(db) as store:
                store.add_verdicts(added)
            done += len(added)
            on_round(done)
        # What a run has added meanwhile may stand before what was read last, so it is looked for again.
        if done == before:
            return done


def _read_unjudged(db: Path, detector: str, entry_id: str | None) -> Iterator[dict[str, Any]]:
    """What the detector has not judged, read a round at a time; the store is open only while one is read."""
    last: dict[str, Any] = {"later": False, "entry_id": "", "trial_id": ""}
    while True:
        wanted = {"detector": detector, "entry_id": entry_id, "at_most": ROUND}
        after = {"after_later": last["later"], "after_entry": last["entry_id"], "after_trial": last["trial_id"]}
        with open_live(db) as store:
            rows = store.read("unjudged", wanted | after)
        if not rows:
            return
        last = rows[-1]
        yield from rows


def go_by(db: Path, name: str, entry_id: str | None = None) -> None:
    """Let the views go by this detector's verdicts wherever it has spoken (in all entries by default), and publish."""
    with open_live(db) as store:
        store.go_by_detector(name, entry_id)
        publish(store)


@dataclass(frozen=True)
class Chosen:
    """The detector that an entry's numbers go by, by the user's choice, and how many responses wait for its verdict."""

    detector: str
    waiting: int

    @property
    def offline(self) -> str | None:
        """The name under which it is chosen again, in its newest version; None where it needs a judge's server."""
        name = self.detector.partition("-")[0]
        return name if name in DETECTORS and JOINED not in self.detector else None


def find_chosen(db: Path, entry_id: str) -> Chosen | None:
    """What `go_by` was last told of this entry; None where its numbers go by the default detector, in any version."""
    with open_live(db) as store:
        rows = store.read("current_detectors", {"entry_id": entry_id})
    chosen = [Chosen(row["detector"], row["waiting"]) for row in rows]
    return next((found for found in chosen if found.offline != DEFAULT_DETECTOR), None)


def _make_case(row: dict[str, Any]) -> Case:
    return Case(
        language=row["language"],
        hint_kind=row["hint_kind"],
        hint_text=row["hint_text"],
        target=row["target"],
        reasoning=row["reasoning"] or "",
        answer=row["answer"],
        options=tuple(row["options"]),
    )
