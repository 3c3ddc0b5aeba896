"""Spooled records that cannot be read: set aside and told of; all others go in."""

import json
import logging

import pytest
from rich.console import Console

from benchmark.entries import Entry
from benchmark.feeder import Feeder, feed_leftovers
from benchmark.store import StoreLayout, open_live, publish, query
from benchmark.store.live import StoreError
from candor.plan import RunOptions, make_plan
from candor.run import ServerOptions, run
from languages import LanguageFileError

OPTIONS = RunOptions(languages=("en",), hints=("metadata",), limit=2)
PLANNED = 6
QUIET = Console(quiet=True)
PARTS = [{"type": "text", "text": "Answer: B"}]


def make_records(content="I see.\nAnswer: A"):
    plan = make_plan(OPTIONS)
    entry = Entry("fake", "", "endpoint", plan.sampling)
    completion = {"content": content, "reasoning": None, "finish_reason": "stop"}
    records = [{"entry": entry.as_row(), "trial": trial.as_row(), "completion": completion} for trial in plan.trials]
    return entry.entry_id, json.loads(json.dumps(records, default=vars))


@pytest.fixture
def spool(db):
    """Six records of a run that died; the third holds what is no text."""
    entry_id, records = make_records()
    records[2]["completion"] = {**records[2]["completion"], "content": PARTS}
    path = StoreLayout(db).spool(entry_id)
    path.parent.mkdir(parents=True)
    path.write_text("".join(f"{json.dumps(record)}\n" for record in records))
    with open_live(db) as store:
        publish(store)
    return path


def count(db):
    [row] = query(db, "SELECT count(*) AS n FROM trials").to_pylist()
    return row["n"]


def test_leftovers_that_cannot_be_read_are_set_aside(db, spool, caplog):
    bad_line = spool.read_bytes().splitlines(keepends=True)[2]
    assert feed_leftovers(db) == 5 == count(db)
    bad = spool.with_name(f"{spool.stem}.bad.jsonl")
    assert bad.read_bytes() == bad_line
    assert not spool.exists()
    assert f"{spool}, line 3: this trial cannot be read (TypeError" in caplog.text
    assert bad.name in caplog.text
    assert feed_leftovers(db) == 0, "what was set aside is no spool"
    assert bad.read_bytes() == bad_line


@pytest.mark.parametrize("line", ["{broken", "5", "{}", '{"entry": {"entry_id": "x"}, "trial": 1}', "[]"])
def test_a_damaged_line_stops_nothing(db, spool, line, caplog):
    lines = spool.read_text().splitlines()
    spool.write_text("\n".join([*lines[:2], *lines[3:], line]) + "\n")
    assert feed_leftovers(db) == 5
    assert "line 6" in caplog.text


def test_another_crash_sets_nothing_aside_twice(db, spool):
    lines = spool.read_bytes()
    feed_leftovers(db)
    spool.write_bytes(lines)
    feed_leftovers(db)
    assert count(db) == 5
    assert len(spool.with_name(f"{spool.stem}.bad.jsonl").read_bytes().splitlines()) == 1


def test_a_run_feeds_on_and_later_asks_again(fake_server, db, spool, caplog):
    """The spool is the run's own here: what it holds counts as done, what cannot be read is asked again next time."""
    entry_id = spool.stem
    feeder = Feeder(db, entry_id)
    feeder.start()
    feeder.finish()
    assert (feeder.ingested, count(db)) == (5, 5)
    spool.unlink()
    result = run("fake", OPTIONS, ServerOptions(fake_server.url), db, QUIET)
    assert (result.entry_id, result.done, count(db)) == (entry_id, 1, PLANNED)


def test_an_own_spool_with_a_damaged_line_is_gone_on_with(fake_server, db, spool):
    lines = spool.read_text().splitlines()
    spool.write_text("\n".join([*lines[:2], "{broken", *lines[3:]]) + "\n")
    assert run("fake", OPTIONS, ServerOptions(fake_server.url), db, QUIET).done == 1
    assert count(db) == PLANNED


@pytest.mark.parametrize("error", [LanguageFileError("rules.toml"), StoreError("locked"), MemoryError()])
def test_what_is_no_records_fault_sets_nothing_aside(db, spool, monkeypatch, error):
    def fail(records):
        raise error

    monkeypatch.setattr("benchmark.feeder.judge_records", fail)
    with pytest.raises(type(error)):
        feed_leftovers(db)
    assert spool.exists()
    assert not list(spool.parent.glob("*.bad.jsonl"))


def test_replies_in_parts_are_stored(fake_server, db, caplog):
    caplog.set_level(logging.WARNING)
    fake_server.reply = lambda messages: {"content": [{"type": "thinking", "thinking": "I add."}, *PARTS]}
    assert run("fake", OPTIONS, ServerOptions(fake_server.url), db, QUIET).done == PLANNED
    rows = query(db, "SELECT DISTINCT answer, channel, reasoning FROM trials JOIN responses USING (entry_id, trial_id)")
    assert rows.to_pylist() == [{"answer": "B", "channel": "raw", "reasoning": "I add."}]
    assert not caplog.records
