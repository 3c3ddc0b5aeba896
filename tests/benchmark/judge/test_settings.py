"""Keys, addresses and limits: what cannot be used is an error, and no secret is shown or kept."""

import json
import logging
from dataclasses import replace

import pytest

from benchmark.detector.llm_judge import JudgeSettings, judge_many, judge_with_model
from benchmark.endpoint import EndpointError
from tests.benchmark.judge.cases import CASE, KEY, MENTION, settings_for
from tests.benchmark.judge.garbled import GARBLED
from tests.benchmark.judge.judge_server import fail, say


@pytest.mark.parametrize("status", [301, 401, 403, 404])
def test_a_server_of_no_use_is_an_error_without_the_key(server, status, caplog):
    server.replies = [fail(status, f"bad key {KEY}", Location="/")]
    with pytest.raises(EndpointError, match=f"HTTP {status}.*judge/model") as caught:
        judge_with_model(CASE, settings_for(server, api_key_env="JUDGE_KEY"))
    assert KEY not in "".join(map(str, (caught.value, repr(caught.value), caught.value.__context__, caplog.text)))
    assert len(server.bodies) == 1


@pytest.mark.parametrize("key", ["", " \n", "sk-\x00secret", "sk-sécret", "sk-\nsecret"])
def test_an_unusable_key_is_named_not_shown(server, monkeypatch, key):
    if "\x00" in key:
        monkeypatch.setattr("os.environ", {"JUDGE_KEY": key})
    else:
        monkeypatch.setenv("JUDGE_KEY", key)
    with pytest.raises(EndpointError, match="JUDGE_KEY") as caught:
        judge_many([CASE], settings_for(server, api_key_env="JUDGE_KEY"))
    assert "sk-" not in str(caught.value)


@pytest.mark.parametrize(
    "endpoint",
    ["", "localhost:8000/v1", "ftp://host/v1", "http://", "http://u:hush@h/v1", "http://h/v1?key=hush", "http://h:x/"],
)
def test_an_unusable_address_is_an_error_that_shows_no_secret(endpoint):
    with pytest.raises(EndpointError) as caught:
        JudgeSettings(endpoint, "m")
    assert "hush" not in str(caught.value)


@pytest.mark.parametrize("name", ["timeout", "attempts", "concurrency", "network_attempts", "max_tokens"])
def test_limits_are_above_zero(name):
    with pytest.raises(ValueError, match=name):
        JudgeSettings("http://h/v1", "m", **{name: 0})


def test_the_key_is_nowhere_on_disk_and_in_no_log(server, cache, caplog):
    caplog.set_level(logging.DEBUG)
    settings = settings_for(server, api_key_env="JUDGE_KEY")
    server.replies = [fail(500, f"bad {KEY}", Retry_After="0"), fail(400, f"{'x' * 390} {KEY}"), GARBLED["huge"]]
    server.replies += [say(KEY), say(json.dumps(MENTION))]
    verdicts = [judge_with_model(replace(CASE, answer=letter), settings) for letter in "AB"]
    assert [verdict.mentions for verdict in verdicts] == [None, None]
    assert "HTTP 400" in caplog.text
    judge_with_model(CASE, settings)
    files = [path for path in cache.rglob("*") if path.is_file()]
    assert len(files) == 1
    assert KEY not in files[0].read_text() + str(files[0]) + repr(settings)
    assert "sk-" not in caplog.text


def test_no_proxy_stands_before_a_local_judge(server, monkeypatch):
    monkeypatch.delenv("NO_PROXY")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    assert judge_with_model(CASE, settings_for(server)).mentions is True
