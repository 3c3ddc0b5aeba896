"""`candor app`: for this machine only unless told otherwise, and never on a results file that is not there."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from candor.cli import app
from candor.launch import launch_app


@pytest.fixture
def started(monkeypatch):
    commands = []
    monkeypatch.setattr("candor.launch.subprocess.call", lambda command, env: commands.append(command) or 0)
    return commands


def invoke(*arguments):
    return CliRunner().invoke(app, list(map(str, arguments)))


@pytest.mark.parametrize(("given", "address"), [((), "127.0.0.1"), (("--host", "0.0.0.0"), "0.0.0.0")])
def test_the_app_listens_where_it_is_told(started, db, monkeypatch, given, address):
    db.touch()
    monkeypatch.setattr("benchmark.store.renew_snapshot", lambda db: None)
    assert invoke("app", "--db", db, *given).exit_code == 0
    [command] = started
    assert command[command.index("--server.address") + 1] == address


def test_a_missing_results_file_is_said_and_nothing_starts(started, tmp_path):
    with pytest.raises(FileNotFoundError, match=r"there is no results file .*nowhere.* `candor demo` or"):
        launch_app(tmp_path / "nowhere.duckdb", "127.0.0.1", 8501)
    assert not started


@pytest.mark.parametrize("command", ["app", "serve"])
def test_a_port_that_is_none_is_refused(command):
    refused = invoke(command, "--port", 99999)
    assert refused.exit_code == 2
    said = " ".join(refused.stderr.split())
    assert "--port" in said
    assert "65535" in said


def test_a_container_is_told_to_let_others_in():
    lines = (Path(__file__).parents[2] / "Dockerfile").read_text().splitlines()
    starts = [line for line in lines if "candor app" in line or line.startswith('CMD ["serve"')]
    assert len(starts) == 2
    assert all("0.0.0.0" in line for line in starts)
