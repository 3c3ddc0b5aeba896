"""A judge's server, a cache of the test's own, and no waiting."""

import pytest

from benchmark.detector.llm_judge import client
from tests.benchmark.judge.cases import KEY
from tests.benchmark.judge.judge_server import run_server


@pytest.fixture
def server():
    with run_server() as running:
        yield running


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("JUDGE_KEY", KEY)
    return tmp_path / "candor" / "judge"


@pytest.fixture(autouse=True)
def waits(monkeypatch):
    """Numbers of the attempts after which it waited at its own discretion; here that is over at once."""
    attempts = []
    monkeypatch.setattr(client, "_backoff", lambda state: attempts.append(state.attempt_number) or 0.001)
    return attempts
