"""Evaluate one model: plan, serve, ask, spool, feed the store."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout
from rich.console import Console

from benchmark import access
from benchmark.detector import DEFAULT_DETECTOR, choose_detector
from benchmark.endpoint import EndpointError, ModelAddress, gather_info
from benchmark.entries import Entry
from benchmark.feeder import Feeder, feed_leftovers
from benchmark.rejudging import find_chosen, go_by, judge_stored
from benchmark.runner import Tally, run_trials
from benchmark.spool import Spool, list_trial_ids
from benchmark.store import StoreLayout, is_current, open_live, publish, query_rows
from benchmark.trials import Sampling, Trial
from candor.models import ModelSpec, resolve_model
from candor.plan import OptionError, Plan, RunOptions, make_plan
from candor.progress import show_tally, show_waiting
from server.inference import Engine, InferenceError, serve_model

DEFAULT_CONCURRENCY = 64
# A server of our own either answers or is dead; a stranger's may be merely busy.
ATTEMPTS_AT_OWN_SERVER = 3


@dataclass(frozen=True)
class ServerOptions:
    """Where the model answers and how hard it is asked."""

    endpoint: str | None = None
    api_key_env: str | None = None
    revision: str | None = None
    concurrency: int = DEFAULT_CONCURRENCY


@dataclass(frozen=True)
class RunResult:
    """What a run did: trials planned, newly done, and left out since the server refused or failed at them."""

    entry_id: str
    planned: int
    done: int
    refused: int


def run(model: str, options: RunOptions, server: ServerOptions, db: Path, console: Console | None = None) -> RunResult:
    """Run `model` over the plan and store the results in `db`. See `run_models`."""
    return run_models([model], options, server, db, console)[0]


def run_models(
    models: list[str],
    options: RunOptions,
    server: ServerOptions,
    db: Path,
    console: Console | None = None,
) -> list[RunResult]:
    """Run several models that share one server (the personas of the calibration model).

    What was done before, also by a run that was killed, is not done again.

    Raises:
        OptionError, QuestionError, UnknownLanguage, UnknownHint: bad options.
        EndpointError, InferenceError: the server; finished trials are kept.
    """
    return _run_plan(models, lambda: make_plan(options), server, db, console or Console(stderr=True))


def run_prepared(model: str, plan: Plan, server: ServerOptions, db: Path, console: Console | None = None) -> RunResult:
    """Run `model` over a plan already made. Raises as `run_models`."""
    return _run_plan([model], lambda: plan, server, db, console or Console(stderr=True))[0]


def _run_plan(
    models: list[str], plan_it: Callable[[], Plan], server: ServerOptions, db: Path, console: Console
) -> list[RunResult]:
    if server.endpoint:
        access.check_address("--endpoint", server.endpoint)
    specs = [resolve_model(model, server.endpoint, server.revision) for model in models]
    key = read_key(server.api_key_env)
    if server.concurrency < 1:
        raise OptionError(f"--concurrency: {server.concurrency} is too small; the least is 1.")
    plan = plan_it()
    for language, count in plan.missing.items():
        console.print(f"  {language}: {count} of {plan.questions} questions are missing")
    trials = plan.trials
    with open_live(db) as store:
        if not is_current(db):
            publish(store)
    if recovered := feed_leftovers(db):
        console.print(f"  {recovered} finished trials of an earlier run brought in")
    results = []
    with ExitStack() as stack:
        address: ModelAddress | None = None
        engine: Engine | None = None
        for spec in specs:
            entry = _make_entry(spec, plan.sampling)
            with _own_spool(db, entry, console):
                known = _done_trials(db, entry)
                todo = [trial for trial in trials if trial.trial_id not in known]
                done = len(trials) - len(todo)
                if not todo:
                    console.print(f"  {spec.name}: all {len(trials)} trials were done before")
                    results.append(RunResult(entry.entry_id, len(trials), 0, 0))
                    continue
                if address is None:
                    engine, address = find_server(stack, spec, server, key, console)
                results.append(_run_entry(spec, entry, todo, done, engine, address, server.concurrency, db, console))
    for result in results:
        _judge_rest(db, result.entry_id, console)
    return results


def _judge_rest(db: Path, entry_id: str, console: Console) -> None:
    """Judge what enters no measure and was left for the end, now that the engine has left the machine free.

    Where the user has chosen another detector with `candor rejudge`, the new responses have its verdict too.
    """

    def say(done: int) -> None:
        console.print(f"  {done} more responses judged")

    added = judge_stored(db, choose_detector(DEFAULT_DETECTOR), entry_id, say)
    chosen = find_chosen(db, entry_id)
    if chosen and chosen.offline:
        detector = choose_detector(chosen.offline)
        added += judge_stored(db, detector, entry_id, say)
        if added or chosen.waiting:
            go_by(db, detector.name, entry_id)
            console.print(f"  the numbers of {entry_id} go by {detector.name}, as `candor rejudge` was told")
        return
    if added:
        with open_live(db) as store:
            publish(store)
    if chosen and chosen.waiting:
        console.print(
            f"  the numbers of {entry_id} go by {chosen.detector}, as `candor rejudge` was told: {chosen.waiting} "
            "responses enter them when that command is given again",
            markup=False,
        )


def _run_entry(
    spec: ModelSpec,
    entry: Entry,
    todo: list[Trial],
    done: int,
    engine: Engine | None,
    address: ModelAddress,
    concurrency: int,
    db: Path,
    console: Console,
) -> RunResult:
    address = ModelAddress(
        address.base_url, spec.served_name, address.api_key, spec.chat_template_kwargs, address.max_attempts
    )
    info = asyncio.run(gather_info(address))
    entry = Entry(**{**entry.__dict__, "engine": info["engine"], "engine_version": info["engine_version"]})
    layout = StoreLayout(db)
    tally = Tally(planned=len(todo))
    feeder = Feeder(db, entry.entry_id)
    feeder.start()
    try:
        with (
            Spool(layout.spool(entry.entry_id)) as spool,
            show_tally(console, spec.name, done, done + len(todo)) as update,
        ):
            asyncio.run(run_trials(todo, entry, address, spool, tally, concurrency, update))
    except EndpointError as error:
        raise _explain(error, engine, tally) from None
    finally:
        feeder.finish()
    layout.spool(entry.entry_id).unlink(missing_ok=True)
    for refusal in tally.first_refusals:
        console.print(f"  refused: {refusal}", markup=False)
    if tally.failed:
        if engine and engine.died():
            raise _explain(EndpointError(tally.first_failures[0]), engine, tally)
        console.print(f"  {tally.failed} trials failed at every attempt and are left for a later run:")
    for failure in tally.first_failures:
        console.print(f"  failed: {failure}", markup=False)
    return RunResult(entry.entry_id, done + len(todo), tally.done, tally.refused)


def _explain(error: EndpointError, engine: Engine | None, tally: Tally) -> Exception:
    kept = f"{tally.done} new trials are kept; the same command goes on from there."
    if engine and engine.died():
        return InferenceError(f"vLLM died during the run. Its last lines:\n{engine.last_lines()}\n{kept}")
    return EndpointError(f"{error}\n{kept}")


def find_server(
    stack: ExitStack, spec: ModelSpec, server: ServerOptions, key: str | None, console: Console
) -> tuple[Engine | None, ModelAddress]:
    """The server that the options name, or one of our own that runs while `stack` is open (then with its engine).

    Raises:
        EndpointError, InferenceError: it cannot be used, or does not start.
    """
    if server.endpoint:
        address = ModelAddress(server.endpoint.rstrip("/"), spec.served_name, key)
        asyncio.run(gather_info(address))
        return None, address
    with show_waiting(console, f"starting vLLM for {spec.source}") as on_wait:
        engine = stack.enter_context(serve_model(spec.source, spec.served_name, spec.engine, on_wait))
    return engine, ModelAddress(engine.base_url, spec.served_name, None, {}, ATTEMPTS_AT_OWN_SERVER)


def _make_entry(spec: ModelSpec, sampling: Sampling) -> Entry:
    return Entry(
        model=spec.name,
        revision=spec.revision,
        provenance=spec.provenance,
        sampling=sampling,
        chat_template_kwargs=spec.chat_template_kwargs,
    )


def _own_spool(db: Path, entry: Entry, console: Console) -> FileLock:
    """The lock of this entry's spool; waits while another run of the same entry goes on."""
    lock = FileLock(StoreLayout(db).spool_lock(entry.entry_id))
    try:
        lock.acquire(timeout=0)
        lock.release()
    except Timeout:
        console.print(f"  another run of {entry.model} is going on; waiting for it to end")
    return lock


def _done_trials(db: Path, entry: Entry) -> frozenset[str]:
    stored = {row["trial_id"] for row in query_rows(db, "done_trials", {"entry_id": entry.entry_id})}
    return frozenset(stored | list_trial_ids(StoreLayout(db).spool(entry.entry_id)))


def read_key(variable: str | None) -> str | None:
    """The API key in an environment variable.

    Raises:
        OptionError: there is no such variable, it is empty, or it holds no key.
    """
    try:
        return access.read_key(variable)
    except EndpointError as error:
        raise OptionError(f"--api-key-env {variable}: {error}") from None
