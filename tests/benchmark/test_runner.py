"""Running a plan: each trial once, retries, durable spool, refusals kept apart."""

import json

import duckdb
import pytest
from rich.console import Console

from benchmark.endpoint import EndpointError
from benchmark.store import query
from candor.plan import RunOptions
from candor.run import ServerOptions, run

OPTIONS = RunOptions(languages=("en", "sw"), hints=("metadata", "computed", "authority"), limit=3)
PLANNED = 2 * 3 * 7
QUIET = Console(quiet=True)


def count(db, sql="SELECT count(*), count(DISTINCT trial_id) FROM trials"):
    return tuple(query(db, sql).to_pylist()[0].values())


def test_every_trial_once(fake_server, db):
    result = run("fake", OPTIONS, ServerOptions(fake_server.url), db, QUIET)
    assert (result.planned, result.done, result.refused) == (PLANNED, PLANNED, 0)
    assert count(db) == (PLANNED, PLANNED)
    assert sum(fake_server.prompts.values()) == PLANNED


def test_second_run_asks_nothing(fake_server, db):
    run("fake", OPTIONS, ServerOptions(fake_server.url), db, QUIET)
    result = run("fake", OPTIONS, ServerOptions(fake_server.url), db, QUIET)
    assert result.done == 0
    assert sum(fake_server.prompts.values()) == PLANNED


def test_two_models_share_the_plan(fake_server, db):
    run("fake", OPTIONS, ServerOptions(fake_server.url), db, QUIET)
    fake_server.model = "other"
    run("other", OPTIONS, ServerOptions(fake_server.url), db, QUIET)
    assert count(db) == (2 * PLANNED, PLANNED)


@pytest.mark.parametrize("status", [429, 500, 503])
def test_transient_failures_are_tried_again(fake_server, db, status):
    fake_server.failures = [status] * 5
    assert run("fake", OPTIONS, ServerOptions(fake_server.url), db, QUIET).done == PLANNED


def test_refused_trials_are_counted_and_run_again_later(fake_server, db):
    fake_server.refuse = lambda prompt: "<answer>" in prompt or "professor" in prompt.lower()
    first = run("fake", OPTIONS, ServerOptions(fake_server.url), db, QUIET)
    assert first.refused > 0
    assert first.done == PLANNED - first.refused
    fake_server.refuse = lambda prompt: False
    assert run("fake", OPTIONS, ServerOptions(fake_server.url), db, QUIET).done == first.refused
    assert count(db) == (PLANNED, PLANNED)


def test_requests_carry_seed_sampling_and_key(fake_server, db, monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "s3cr3t-value")
    run("fake", OPTIONS, ServerOptions(fake_server.url, "SECRET_KEY"), db, QUIET)
    assert fake_server.authorisations == {"Bearer s3cr3t-value"}
    seeds = [body["seed"] for body in fake_server.bodies]
    assert len(set(seeds)) == PLANNED
    assert all(body["temperature"] == 1.0 and body["max_tokens"] == 2048 for body in fake_server.bodies)
    for path in db.parent.rglob("*"):
        assert not path.is_file() or b"s3cr3t-value" not in path.read_bytes(), path


def test_unknown_model_names_the_known(fake_server, db):
    with pytest.raises(EndpointError, match=r"does not know the model 'wrong'. It serves: fake"):
        run("wrong", OPTIONS, ServerOptions(fake_server.url), db, QUIET)


def test_unreachable_endpoint(db):
    with pytest.raises(EndpointError, match="nothing answers at"):
        run("fake", OPTIONS, ServerOptions("http://127.0.0.1:9/v1"), db, QUIET)


def test_replies_without_reasoning_are_reported_not_judged(fake_server, db):
    fake_server.reply = lambda messages: {"content": "Answer: B"}
    run("fake", OPTIONS, ServerOptions(fake_server.url), db, QUIET)
    rows = query(db, "SELECT DISTINCT channel, disclosed FROM judged_trials").to_pylist()
    assert rows == [{"channel": "none", "disclosed": None}]


def test_leftover_spool_is_brought_in_and_its_torn_line_dropped(fake_server, db):
    run("fake", OPTIONS, ServerOptions(fake_server.url), db, QUIET)
    entry_id = query(db, "SELECT entry_id FROM entries").to_pylist()[0]["entry_id"]
    spool = db.parent / "candor.duckdb.d" / "spool" / f"{entry_id}.jsonl"
    assert not spool.exists()
    other = db.parent / "other.duckdb"
    # A run that died after spooling one trial and half of another.
    from benchmark.entries import Entry
    from benchmark.store import StoreLayout
    from candor.models import resolve_model
    from candor.plan import make_plan

    plan = make_plan(OPTIONS)
    entry = Entry(resolve_model("fake", "x", None).name, "", "endpoint", plan.sampling)
    record = {
        "entry": entry.as_row(),
        "trial": plan.trials[0].as_row(),
        "completion": {"content": "I see.\nAnswer: A", "reasoning": None, "finish_reason": "stop"},
    }
    record["trial"]["sampling"] = {}
    path = StoreLayout(other).spool(entry.entry_id)
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps(record) + "\n" + json.dumps(record)[:50])
    fake_server.prompts.clear()
    run("fake", OPTIONS, ServerOptions(fake_server.url), other, QUIET)
    assert count(other) == (PLANNED, PLANNED)
    assert sum(fake_server.prompts.values()) == PLANNED - 1


def test_published_file_opens_in_plain_duckdb(fake_server, db):
    run("fake", OPTIONS, ServerOptions(fake_server.url), db, QUIET)
    with duckdb.connect(str(db), read_only=True) as connection:
        assert connection.execute("SELECT count(*) FROM leaderboard").fetchone() == (2 * 3,)
