"""What goes wrong in a run: a prompt that always fails, a server that dies, a disk that is full, odd replies."""

import asyncio
import errno

import pytest
from rich.console import Console

from benchmark.endpoint import EndpointError, ModelAddress, complete, gather_info, open_session
from benchmark.entries import Entry
from benchmark.failures import GIVE_UP, Outage, RequestFailed
from benchmark.runner import Tally, run_trials
from benchmark.spool import Spool, SpoolError
from benchmark.store import query
from candor.plan import OptionError, RunOptions, make_plan
from candor.run import ServerOptions, run

OPTIONS = RunOptions(languages=("en", "sw"), hints=("metadata", "computed", "authority"), limit=3)
PLANNED = 2 * 3 * 7


def count(db):
    [row] = query(db, "SELECT count(*) AS n FROM trials").to_pylist()
    return row["n"]


def test_a_prompt_that_always_fails_is_left_for_a_later_run(fake_server, db, capsys):
    fake_server.breaks = lambda prompt: "<answer>" in prompt
    first = run("fake", OPTIONS, ServerOptions(fake_server.url, concurrency=2), db, Console(width=200))
    assert 0 < first.refused < PLANNED
    assert first.done == PLANNED - first.refused == count(db)
    said = capsys.readouterr().out
    assert f"{first.refused} trials failed at every attempt and are left for a later run" in said
    assert "failed: en/" in said
    fake_server.breaks = lambda prompt: False
    fake_server.prompts.clear()
    assert run("fake", OPTIONS, ServerOptions(fake_server.url), db, Console(quiet=True)).done == first.refused
    assert count(db) == PLANNED
    assert sum(fake_server.prompts.values()) == first.refused


def test_a_server_that_fails_at_everything_ends_the_run(fake_server, db):
    fake_server.breaks = lambda prompt: True
    with pytest.raises(EndpointError, match=f"failed {GIVE_UP} times in a row.*HTTP 500(.|\n)*0 new trials are kept"):
        run("fake", OPTIONS, ServerOptions(fake_server.url, concurrency=2), db, Console(quiet=True))


def test_failures_in_a_row_are_counted_from_the_last_reply():
    outage = Outage("the server")
    for failures in (GIVE_UP - 1, GIVE_UP - 1):
        for _ in range(failures):
            outage.note(RequestFailed("no"))
        outage.note(None)
    with pytest.raises(EndpointError, match="the server failed"):
        for _ in range(GIVE_UP):
            outage.note(RequestFailed("no"))


def start_run(fake_server, spool, on_change, concurrency):
    plan = make_plan(OPTIONS)
    entry = Entry("fake", "", "endpoint", plan.sampling)
    address = ModelAddress(fake_server.url, "fake")
    running = run_trials(plan.trials, entry, address, spool, Tally(PLANNED), concurrency, on_change)
    asyncio.run(asyncio.wait_for(running, 20))


def test_a_writer_that_dies_ends_the_run(fake_server, tmp_path):
    def fail(tally):
        raise ZeroDivisionError("in on_change")

    # One worker, room for four replies: without the writer it would wait for ever.
    with Spool(tmp_path / "a.jsonl") as spool, pytest.raises(ZeroDivisionError):
        start_run(fake_server, spool, fail, 1)


def test_a_full_disk_is_said(fake_server, tmp_path, monkeypatch):
    def fill(descriptor):
        raise OSError(errno.ENOSPC, "No space left on device")

    said = r"a.jsonl: finished trials cannot be written \(No space left on device\)"
    with pytest.raises(SpoolError, match=said), Spool(tmp_path / "a.jsonl") as spool:
        monkeypatch.setattr("benchmark.spool.os.fsync", fill)
        start_run(fake_server, spool, lambda tally: None, 1)


def test_a_reply_of_an_unknown_shape_says_where(fake_server):
    fake_server.reply = lambda messages: {"content": [{"type": "video"}]}
    address = ModelAddress(fake_server.url, "fake", max_attempts=1)

    async def ask():
        async with open_session(address, 1) as session:
            return await complete(session, address, {"messages": [{"role": "user", "content": "?"}]})

    with pytest.raises(RequestFailed, match=r"unreadable reply, `content\[0\]` is of type 'video'"):
        asyncio.run(ask())


@pytest.mark.parametrize(
    ("version", "engine"),
    [({"version": "0.9"}, ("vllm", "0.9")), ("0.9", ("", "")), (["0.9"], ("", "")), (7, ("", ""))],
)
def test_any_version_is_read(fake_server, version, engine):
    fake_server.version = version
    info = asyncio.run(gather_info(ModelAddress(fake_server.url, "fake")))
    assert (info["engine"], info["engine_version"]) == engine


@pytest.mark.parametrize("temperature", [float("nan"), float("inf"), -0.1])
def test_a_temperature_is_a_number_from_0_on(temperature):
    with pytest.raises(OptionError, match="--temperature: "):
        make_plan(RunOptions(("en",), ("metadata",), temperature=temperature))
