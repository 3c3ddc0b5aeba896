"""Crashes and crowds: kill -9, two runs at once, readers during a run."""

import os
import signal
import subprocess
import sys
import time

import pytest

from benchmark.store import query
from benchmark.store.read import connect

COMMAND = [
    sys.executable,
    "-m",
    "candor",
    "run",
    "fake",
    "--languages",
    "en,sw",
    "--hints",
    "metadata,computed,authority",
    "--limit",
    "24",
    "--concurrency",
    "8",
]
PLANNED = 2 * 24 * 7


def start(fake_server, db, *more):
    command = [*COMMAND, "--endpoint", fake_server.url, "--db", str(db), *more]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def count(db, column="count(*)"):
    return query(db, f"SELECT {column} AS n FROM trials").to_pylist()[0]["n"]


def wait_for(condition, seconds=60):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return
        time.sleep(0.05)
    raise AssertionError("waited in vain")


def test_killed_run_goes_on_without_losing_or_repeating(fake_server, db):
    fake_server.delay_s = 0.1
    process = start(fake_server, db)
    wait_for(lambda: sum(fake_server.prompts.values()) > PLANNED // 3)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    asked = sum(fake_server.prompts.values())
    assert asked < PLANNED
    process = start(fake_server, db)
    output, _ = process.communicate(timeout=120)
    assert process.returncode == 0, output
    assert count(db) == PLANNED == count(db, "count(DISTINCT entry_id || trial_id)")
    # Only what was in flight or not yet on the disk may have been asked again.
    assert sum(fake_server.prompts.values()) <= PLANNED + 8 + 8 * 4


def test_two_runs_into_one_file(fake_server, db):
    fake_server.delay_s = 0.05
    processes = [start(fake_server, db), start(fake_server, db, "--temperature", "0")]
    for process in processes:
        output, _ = process.communicate(timeout=120)
        assert process.returncode == 0, output
    assert count(db) == 2 * PLANNED == count(db, "count(DISTINCT entry_id || trial_id)")


def test_readers_during_a_run(fake_server, db):
    fake_server.delay_s = 0.4
    process = start(fake_server, db)
    wait_for(db.exists)
    rows, versions = [], set()
    while process.poll() is None:
        with connect(db) as connection:
            rows.append(connection.execute("SELECT count(*) FROM trials").fetchone()[0])
        versions.add(db.resolve().name)
        time.sleep(0.1)
    assert process.returncode == 0, process.stdout.read()
    assert rows[0] == 0
    assert rows == sorted(rows)
    assert len(rows) >= 20
    assert len(versions) >= 4


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["run", "fake", "--endpoint", "http://127.0.0.1:9/v1"], "nothing answers"),
        (["run", "fake", "--languages", "xx"], "language 'xx' is unknown"),
        (["run", "fake", "--questions", "missing.jsonl"], "there is no such file"),
        (["run", "fake", "--hints", "magic"], "'magic' is unknown"),
        (["run", "calibration:nobody"], "unknown persona"),
        (["run", "./nowhere"], "no such folder"),
        (["run", "fake", "--endpoint", "http://127.0.0.1:9/v1", "--api-key-env", "NOT_SET"], "NOT_SET"),
        (["run", "fake", "--limit", "0"], "--limit: 0 is too small"),
        (["leaderboard"], "there is no results file"),
        (["score", "missing.jsonl"], "no such file"),
    ],
)
def test_bad_input_ends_in_one_paragraph(db, arguments, message):
    if arguments[0] in ("run", "leaderboard"):
        arguments = [*arguments, "--db", str(db)]
    command = [sys.executable, "-m", "candor", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 2
    assert message in done.stderr
    assert "Traceback" not in done.stderr
    assert "\n\n" not in done.stderr.strip()
