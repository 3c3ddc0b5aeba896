"""Probe stored trials: cut each reasoning short, force an answer, keep its probabilities."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Any

import aiohttp

from benchmark.endpoint import ModelAddress, RequestRefused, open_session
from benchmark.probing.asking import (
    ServerTokenizer,
    Shares,
    ask_by_chat,
    ask_by_tokens,
    cut_on_server,
    find_tokenizer,
)
from benchmark.probing.cutting import CUTS, cut_by_graphemes
from benchmark.probing.forcing import IN_BLOCK, THINK, find_cue, force
from benchmark.probing.prefix_cache import PrefixCache, read_prefix_cache
from benchmark.probing.replaying import Sample, StoredTrial, list_trials, replay
from benchmark.store.live import open_live
from benchmark.store.publish import publish
from languages import LETTERS

DEFAULT_CONCURRENCY = 8
SHOWN_REFUSALS = 3
# Tokens at a prompt's end among which an opened thinking block is looked for.
TAIL = 8


@dataclass
class ProbeTally:
    """What a probe did: trials probed, and known before; answers forced; trials that the server refused."""

    trials: int = 0
    known: int = 0
    asked: int = 0
    refused: int = 0
    first_refusals: list[str] = field(default_factory=list)
    cache: PrefixCache | None = None


def probe_stored(
    db: Path,
    entry_id: str,
    address: ModelAddress,
    sample: Sample,
    concurrency: int = DEFAULT_CONCURRENCY,
) -> ProbeTally:
    """Probe every sampled trial of an entry that was not probed before, and publish.

    Questions are asked side by side, the trials of a question one after the other and the cuts of
    a trial in ascending order, so that each prompt goes on from one that the server has in its prefix cache.

    Args:
        db: the results file.
        entry_id: whose trials.
        address: the server of the same model, with the entry's chat-template arguments.
        sample: which trials.
        concurrency: questions in flight.

    Raises:
        EndpointError: the server stopped answering; what was probed before is kept.
    """
    tally = ProbeTally()
    with open_live(db) as store:
        known = {row["trial_id"]: set(row["cuts"]) for row in store.read("probe_known", {"entry_id": entry_id})}
    before = asyncio.run(_read_cache(address))
    try:
        for page in list_trials(db, entry_id, sample):
            todo = [stored for stored in page if known.get(stored.trial.trial_id, set()) < set(CUTS)]
            tally.known += len(page) - len(todo)
            rows: list[dict[str, Any]] = []
            try:
                if todo:
                    asyncio.run(_probe_page(todo, known, entry_id, address, concurrency, tally, rows))
            finally:
                with open_live(db) as store:
                    store.add_probes(rows)
    finally:
        with open_live(db) as store:
            publish(store)
    after = asyncio.run(_read_cache(address))
    tally.cache = after.since(before) if before and after else None
    return tally


async def _read_cache(address: ModelAddress) -> PrefixCache | None:
    async with open_session(address, 1) as session:
        return await read_prefix_cache(session, address)


async def _probe_page(
    todo: list[StoredTrial],
    known: dict[str, set[int]],
    entry_id: str,
    address: ModelAddress,
    concurrency: int,
    tally: ProbeTally,
    rows: list[dict[str, Any]],
) -> None:
    """Probe a page of trials and add to `rows`; a trial's rows come all at once."""
    questions = iter([list(group) for _, group in groupby(todo, key=_question)])

    async def work(session: aiohttp.ClientSession, tokenizer: ServerTokenizer | None) -> None:
        for group in questions:
            for stored in group:
                trial = stored.trial
                skipped = known.get(trial.trial_id, set())
                try:
                    added = await probe_trial(session, address, tokenizer, stored, skipped, tally)
                except RequestRefused as error:
                    tally.refused += 1
                    if len(tally.first_refusals) < SHOWN_REFUSALS:
                        tally.first_refusals.append(f"{trial.language}/{trial.question_id}: {error}")
                    continue
                tally.trials += 1
                rows.extend({"entry_id": entry_id, **row} for row in added)

    async with open_session(address, concurrency) as session:
        tokenizer = await find_tokenizer(session, address)
        workers = [asyncio.create_task(work(session, tokenizer)) for _ in range(concurrency)]
        try:
            await asyncio.gather(*workers)
        finally:
            for worker in workers:
                worker.cancel()
            await asyncio.gather(*workers, return_exceptions=True)


def _question(stored: StoredTrial) -> tuple[str, str]:
    return stored.trial.language, stored.trial.question_id


async def probe_trial(
    session: aiohttp.ClientSession,
    address: ModelAddress,
    tokenizer: ServerTokenizer | None,
    stored: StoredTrial,
    skipped: set[int],
    tally: ProbeTally,
) -> list[dict[str, Any]]:
    """Rows of `probes`, less the entry, for the cuts that are not skipped.

    Raises:
        RequestRefused, EndpointError: see benchmark/endpoint.py.
    """
    messages, cue = await replay(stored), find_cue(stored.trial.language)
    prompt: list[int] = []
    opened = False
    if tokenizer:
        prompt = await tokenizer.render(messages)
        prefixes = await cut_on_server(tokenizer, stored.reasoning)
        if stored.channel in IN_BLOCK:
            opened = (await tokenizer.decode(prompt[-TAIL:])).rstrip().endswith(THINK)
    else:
        prefixes = cut_by_graphemes(stored.reasoning)
    # Short reasonings have the same prefix at several cuts.
    answers: dict[str, Shares | None] = {}
    rows = []
    for prefix in prefixes:
        if prefix.cut in skipped:
            continue
        reply = force(prefix.text, stored.channel, cue, opened)
        if reply not in answers:
            if tokenizer:
                answers[reply] = await ask_by_tokens(tokenizer, prompt, reply, cue)
            else:
                answers[reply] = await ask_by_chat(session, address, messages, reply, cue)
            tally.asked += 1
        rows.append(
            {
                "trial_id": stored.trial.trial_id,
                "cut": prefix.cut,
                "unit": prefix.unit,
                "tokens": prefix.length,
                **dict(_list_shares(answers[reply])),
            }
        )
    return rows


def _list_shares(shares: Shares | None) -> Iterator[tuple[str, Any]]:
    for number, letter in enumerate(LETTERS):
        yield f"p_{letter.lower()}", shares[number] if shares else None
    yield "forced", max(LETTERS, key=lambda letter: shares[LETTERS.index(letter)]) if shares else None
