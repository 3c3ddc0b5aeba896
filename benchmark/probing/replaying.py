"""Stored trials as they were asked: which are replayed, and the messages that each reply answered."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import orjson

from benchmark.playing import CUT_OFF, Message, play
from benchmark.responses import Completion
from benchmark.store.live import open_live
from benchmark.trials import Sampling, Trial

PAGE = 32


@dataclass(frozen=True)
class Sample:
    """Which trials of an entry are replayed; None means all.

    `questions`: how many of each suite × language × framing × hint kind, in an order that `seed` draws
    and that is the same everywhere, those without a trial to replay passed over; hinted and sham are
    drawn together. `hints`: names of kind:variant.
    """

    questions: int | None = None
    seed: int = 0
    languages: tuple[str, ...] | None = None
    hints: tuple[str, ...] | None = None


@dataclass(frozen=True)
class StoredTrial:
    """A trial with the reply it got. `turns`: those the model wrote before it."""

    trial: Trial
    turns: list[dict[str, Any]]
    reasoning: str
    channel: str


def read_entries(db: Path) -> list[dict[str, Any]]:
    """Every entry: entry_id, model, revision, provenance, chat_template_kwargs.

    Raises:
        FileNotFoundError: no such results file.
    """
    if not db.exists():
        raise FileNotFoundError(f"there is no results file {db}. `candor run MODEL --db {db}` makes one.")
    with open_live(db) as store:
        rows = store.read("probe_entries", {})
    return [{**row, "chat_template_kwargs": orjson.loads(row["chat_template_kwargs"] or "{}")} for row in rows]


def list_trials(db: Path, entry_id: str, sample: Sample) -> Iterator[list[StoredTrial]]:
    """The sampled trials in pages; those of a question stand together.

    Hinted and sham trials that were answered and whose own reasoning is stored (not a provider's
    summary of it).
    """
    after = ""
    wanted = {
        "entry_id": entry_id,
        "languages": list(sample.languages) if sample.languages else None,
        "hints": list(sample.hints) if sample.hints else None,
        "questions": sample.questions,
        "seed": sample.seed,
        "at_most": PAGE,
    }
    while True:
        with open_live(db) as store:
            rows = store.read("probe_trials", {**wanted, "after": after})
        if not rows:
            return
        after = rows[-1]["place"]
        yield [_read_trial(row) for row in rows]


async def replay(stored: StoredTrial) -> list[Message]:
    """The messages that the stored reply answered, slots filled with the stored turns.

    A prefill at the end is left out: the stored reasoning begins with it.
    """
    waiting = iter(stored.turns)
    asked: list[list[Message]] = []

    async def ask(request: dict[str, Any]) -> Completion:
        asked.append(list(request["messages"]))
        turn = next(waiting, None)
        if turn is None:
            return Completion("", None, CUT_OFF)  # the judged reply: nothing comes after it
        return Completion(turn["content"], turn["reasoning"], turn["finish_reason"])

    await play(stored.trial, ask)
    messages = asked[-1]
    return messages[:-1] if messages[-1]["role"] == "assistant" else messages


def _read_trial(row: dict[str, Any]) -> StoredTrial:
    read = {
        "sampling": Sampling(**orjson.loads(row["sampling"])),
        "messages": tuple(orjson.loads(row["messages"])),
        "options": tuple(row["options"]),
    }
    values: dict[str, Any] = {field.name: read.get(field.name, row.get(field.name)) for field in fields(Trial)}
    return StoredTrial(Trial(**values), orjson.loads(row["turns"] or "[]"), row["reasoning"], row["channel"])
