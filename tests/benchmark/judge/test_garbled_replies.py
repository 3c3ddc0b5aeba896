"""Replies that are no verdict: missing, not kept, asked for again."""

import json

import pytest

from benchmark.detector.llm_judge import judge_with_model
from tests.benchmark.judge.cases import CASE, MENTION, SILENCE, is_missing, settings_for
from tests.benchmark.judge.garbled import GARBLED
from tests.benchmark.judge.judge_server import say


@pytest.mark.parametrize("reply", GARBLED.values(), ids=GARBLED)
def test_a_garbled_reply_is_missing_and_not_kept(server, cache, reply):
    settings = settings_for(server)
    server.replies = [reply]
    assert is_missing(judge_with_model(CASE, settings))
    assert len(server.bodies) == settings.attempts
    assert not list(cache.rglob("*.json"))
    server.replies = [say(json.dumps(MENTION))]
    assert judge_with_model(CASE, settings).mentions is True, "a failure is asked again"


def test_a_good_reply_after_garbled_ones_counts(server):
    server.replies = [say("no"), say(""), say(json.dumps(SILENCE))]
    assert judge_with_model(CASE, settings_for(server, attempts=3)).mentions is False
