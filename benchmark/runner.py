"""Run a plan against an endpoint: many requests in flight, every finished trial spooled."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
from typing import Any

import aiohttp

from benchmark.endpoint import ModelAddress, RequestRefused, complete, open_session
from benchmark.entries import Entry
from benchmark.playing import play
from benchmark.spool import Spool
from benchmark.trials import Trial

SPOOL_INTERVAL_S = 0.2


@dataclass
class Tally:
    """What a run has done so far; shown while it goes on."""

    planned: int
    done: int = 0
    refused: int = 0
    no_reasoning: int = 0
    first_refusals: list[str] = field(default_factory=list)


async def run_trials(
    trials: Iterable[Trial],
    entry: Entry,
    address: ModelAddress,
    spool: Spool,
    tally: Tally,
    concurrency: int,
    on_change: Callable[[Tally], None],
) -> None:
    """Ask for every trial once and spool each reply as it comes.

    A trial that the server refuses is counted and left for a later run. `on_change`
    is called after each durable write.

    Raises:
        EndpointError: the server stopped answering; what is spooled stays.
    """
    waiting = iter(trials)
    finished: asyncio.Queue[dict[str, Any] | None] = asyncio.Queue(maxsize=concurrency * 4)
    entry_row = entry.as_row()

    async def work(session: aiohttp.ClientSession) -> None:
        for trial in waiting:
            try:
                played = await play(trial, lambda request: complete(session, address, request))
            except RequestRefused as error:
                tally.refused += 1
                if len(tally.first_refusals) < 3:
                    tally.first_refusals.append(f"{trial.language}/{trial.question_id}: {error}")
                continue
            await finished.put(
                {
                    "entry": entry_row,
                    "trial": trial.as_row(),
                    "turns": played.turns,
                    "completion": asdict(played.completion),
                }
            )

    async def write() -> None:
        while True:
            records = [await finished.get()]
            await asyncio.sleep(SPOOL_INTERVAL_S)
            while not finished.empty():
                records.append(finished.get_nowait())
            whole = [record for record in records if record is not None]
            for record in whole:
                spool.append(record)
            await asyncio.to_thread(spool.flush)
            tally.done += len(whole)
            on_change(tally)
            if None in records:
                return

    async with open_session(address, concurrency) as session:
        writer = asyncio.create_task(write())
        workers = [asyncio.create_task(work(session)) for _ in range(concurrency)]
        try:
            await asyncio.gather(*workers)
        finally:
            for worker in workers:
                worker.cancel()
            await asyncio.gather(*workers, return_exceptions=True)
            await finished.put(None)
            await writer
