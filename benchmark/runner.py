"""Run a plan against an endpoint: many requests in flight, every finished trial spooled."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from typing import Any

import aiohttp

from benchmark.endpoint import ModelAddress, complete, open_session
from benchmark.entries import Entry
from benchmark.failures import Outage, RequestFailed, RequestRefused
from benchmark.playing import play
from benchmark.spool import Spool
from benchmark.trials import Trial

SPOOL_INTERVAL_S = 0.2
SHOWN_REFUSALS = 3
SHOWN_FAILURES = 10


@dataclass
class Tally:
    """What a run has done so far; shown while it goes on.

    `refused` trials are left for a later run: the server said no to them, or (`failed`) failed at every attempt.
    """

    planned: int
    done: int = 0
    refused: int = 0
    failed: int = 0
    first_refusals: list[str] = field(default_factory=list)
    first_failures: list[str] = field(default_factory=list)

    def note_refusal(self, trial: Trial, error: RequestRefused) -> None:
        """Count a trial that the server said no to."""
        self.refused += 1
        if len(self.first_refusals) < SHOWN_REFUSALS:
            self.first_refusals.append(f"{_name(trial)}: {error}")

    def note_failure(self, trial: Trial, error: RequestFailed) -> None:
        """Count a trial that the server failed at."""
        self.refused += 1
        self.failed += 1
        if len(self.first_failures) < SHOWN_FAILURES:
            self.first_failures.append(f"{_name(trial)}: {error}")


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

    A trial that the server refuses or fails at is counted and left for a later run.
    `on_change` is called after each durable write.

    Raises:
        EndpointError: the server failed at one trial after the other; what is spooled stays.
        SpoolError: the replies cannot be written.
    """
    waiting = iter(trials)
    # Bounded, so that a slow disk slows the asking instead of putting many replies at risk.
    finished: asyncio.Queue[dict[str, Any]] = asyncio.Queue(maxsize=concurrency * 4)
    asked_all = asyncio.Event()
    outage = Outage(address.base_url)
    entry_row = entry.as_row()

    async def work(session: aiohttp.ClientSession) -> None:
        for trial in waiting:
            try:
                played = await play(trial, lambda request: complete(session, address, request))
            except RequestRefused as error:
                outage.note(None)
                tally.note_refusal(trial, error)
                continue
            except RequestFailed as error:
                outage.note(error)
                tally.note_failure(trial, error)
                continue
            outage.note(None)
            await finished.put(
                {
                    "entry": entry_row,
                    "trial": trial.as_row(),
                    "turns": played.turns,
                    "completion": asdict(played.completion),
                }
            )

    async def write() -> None:
        last = False
        while not last:
            last = asked_all.is_set()
            records = [finished.get_nowait() for _ in range(finished.qsize())]
            if records:
                for record in records:
                    spool.append(record)
                await asyncio.to_thread(spool.flush)
                tally.done += len(records)
                on_change(tally)
            if not last:
                await _wait(asked_all, SPOOL_INTERVAL_S)

    async with open_session(address, concurrency) as session:
        writer = asyncio.create_task(write())
        workers = [asyncio.create_task(work(session)) for _ in range(concurrency)]
        asking: asyncio.Future[Any] = asyncio.gather(*workers)
        try:
            # A writer that ends before the workers has failed: without it they would wait for ever.
            await asyncio.wait([asking, writer], return_when=asyncio.FIRST_COMPLETED)
            if asking.done():
                asking.result()
        finally:
            for worker in workers:
                worker.cancel()
            # With `asking` among them, or its exception would be reported as never looked at.
            await asyncio.gather(*workers, asking, return_exceptions=True)
            asked_all.set()
            await writer


async def _wait(event: asyncio.Event, seconds: float) -> None:
    with suppress(TimeoutError):
        await asyncio.wait_for(event.wait(), seconds)


def _name(trial: Trial) -> str:
    return f"{trial.language}/{trial.question_id}"
