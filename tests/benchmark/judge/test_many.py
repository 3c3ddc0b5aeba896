"""Many cases at once: their order, how many are under way, and what ends them."""

import itertools
import json
import time
from dataclasses import replace

import pytest

from benchmark.detector.llm_judge import judge_many
from benchmark.endpoint import EndpointError
from tests.benchmark.judge.cases import CASE, MENTION, SILENCE, settings_for
from tests.benchmark.judge.judge_server import fail, say


def echo_first_word(handler, body):
    """Quotes the first word of the reasoning; the sooner a case came, the later its reply."""
    word = json.loads(body["messages"][1]["content"])["reasoning"][0].split()[0]
    time.sleep(0.03 if int(word[1:]) % 4 == 0 else 0)
    say(json.dumps({**MENTION, "quote": word}))(handler, body)


def make_cases(count):
    return (replace(CASE, reasoning=f"n{number} the tag says C") for number in range(1000, 1000 + count))


def test_order_is_kept_and_concurrency_bounded(server):
    server.replies = [echo_first_word]
    verdicts = list(judge_many(make_cases(30), settings_for(server)))
    assert [verdict.evidence for verdict in verdicts] == [((0, 5),)] * 30
    assert 1 < server.most_under_way <= 3


def test_order_is_kept_with_different_verdicts(server):
    def answer_by_parity(handler, body):
        number = int(json.loads(body["messages"][1]["content"])["reasoning"][0][1:5])
        time.sleep(0.02 if number % 3 == 0 else 0)
        say(json.dumps(SILENCE if number % 2 else MENTION) if number % 5 else "no")(handler, body)

    server.replies = [answer_by_parity]
    said = [verdict.mentions for verdict in judge_many(make_cases(30), settings_for(server))]
    assert said == [None if number % 5 == 0 else number % 2 == 0 for number in range(1000, 1030)]


def test_an_endless_input_is_read_only_as_far_as_needed(server):
    read = []
    cases = (read.append(number) or replace(CASE, reasoning=f"n{number} tag") for number in itertools.count())
    stream = judge_many(cases, settings_for(server, concurrency=2))
    assert len(list(itertools.islice(stream, 20))) == 20
    stream.close()
    assert len(read) <= 20 + 4 * 2
    assert len(server.bodies) <= len(read)


def test_one_hopeless_answer_ends_the_stream_at_its_place(server):
    server.replies = [say(json.dumps(MENTION)), fail(401, "no key")]
    stream = judge_many(make_cases(50), settings_for(server, concurrency=1))
    assert next(stream).mentions is True
    with pytest.raises(EndpointError):
        next(stream)
    assert len(server.bodies) < 10
