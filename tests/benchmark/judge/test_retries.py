"""Servers that are busy, slow, broken or gone: what is asked again, and for how long."""

import json
import time

import pytest

from benchmark.detector.llm_judge import judge_with_model
from tests.benchmark.judge.cases import CASE, SILENCE, is_missing, settings_for
from tests.benchmark.judge.judge_server import fail, run_server, say, send


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 520])
def test_a_busy_server_is_asked_again(server, status):
    server.replies = [fail(status, Retry_After="0"), say(json.dumps(SILENCE))]
    assert judge_with_model(CASE, settings_for(server, attempts=1)).mentions is False
    assert len(server.bodies) == 2


def test_retry_after_is_heeded(server, waits):
    server.replies = [fail(429, Retry_After="0.2"), say(json.dumps(SILENCE))]
    assert judge_with_model(CASE, settings_for(server)).mentions is False
    assert server.times[1] - server.times[0] >= 0.2
    assert waits == []


@pytest.mark.parametrize("retry_after", ["nan", "inf", "soon", "Wed, 21 Oct 2015 07:28:00 GMT"])
def test_an_odd_retry_after_is_none(server, waits, retry_after):
    server.replies = [fail(503, Retry_After=retry_after), say(json.dumps(SILENCE))]
    assert judge_with_model(CASE, settings_for(server)).mentions is False
    assert waits == [1]


def test_a_server_that_stays_broken(server, waits):
    server.replies = [fail(500)]
    assert is_missing(judge_with_model(CASE, settings_for(server, network_attempts=3)))
    assert (len(server.bodies), waits[:2]) == (3, [1, 2])


def test_a_request_refused_is_not_repeated(server):
    server.replies = [fail(400, "too long")]
    assert is_missing(judge_with_model(CASE, settings_for(server)))
    assert len(server.bodies) == 1


def hang(server):
    return lambda handler, body: server.over.wait(10)


def trickle(server):
    def reply(handler, body):
        send(handler, 200, "")
        for _ in range(60):
            if not server.over.wait(0.05):
                handler.wfile.write(b" ")

    return reply


@pytest.mark.parametrize("never_done", [hang, trickle])
def test_a_hanging_server_runs_out_of_time(server, never_done):
    server.replies = [never_done(server)]
    started = time.monotonic()
    try:
        assert is_missing(judge_with_model(CASE, settings_for(server, timeout=0.2, network_attempts=1)))
    finally:
        server.over.set()
    assert time.monotonic() - started < 2


def test_a_broken_connection(server):
    server.replies = [lambda handler, body: handler.connection.close(), say(json.dumps(SILENCE))]
    assert judge_with_model(CASE, settings_for(server)).mentions is False


def test_nothing_listens(waits):
    with run_server() as server:
        gone = settings_for(server)
    assert is_missing(judge_with_model(CASE, gone))
    assert waits[0] == 1
