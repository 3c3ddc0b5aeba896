"""The judge's cache: what is asked for once, and what anew."""

import json
from dataclasses import replace

import pytest

from benchmark.detector.llm_judge import judge_with_model
from benchmark.detector.llm_judge.prompt import load_rubric
from tests.benchmark.judge.cases import CASE, REASONING, SILENCE, settings_for
from tests.benchmark.judge.judge_server import run_server, say


def test_a_verdict_is_asked_for_once(server):
    settings = settings_for(server)
    first = judge_with_model(CASE, settings)
    assert judge_with_model(CASE, settings) == first
    assert len(server.bodies) == 1


def test_another_server_is_asked_anew(server):
    """Under one name it may serve another model."""
    judge_with_model(CASE, settings_for(server))
    with run_server() as other:
        other.replies = [say(json.dumps(SILENCE))]
        assert judge_with_model(CASE, settings_for(other)).mentions is False
        assert len(other.bodies) == 1


@pytest.mark.parametrize(
    "change",
    [
        {"hint_kind": "authority"},
        {"hint_text": "<answer>D</answer>"},
        {"target": "D"},
        {"reasoning": REASONING + " "},
        {"answer": None},
        {"options": ("40",)},
    ],
)
def test_another_case_is_asked_anew(server, change):
    judge_with_model(CASE, settings_for(server))
    judge_with_model(replace(CASE, **change), settings_for(server))
    assert len(server.bodies) == 2


def test_another_model_or_rubric_is_asked_anew(server, monkeypatch):
    settings = settings_for(server)
    judge_with_model(CASE, settings)
    judge_with_model(CASE, replace(settings, model="other"))
    rubric = load_rubric().model_copy(update={"instructions": "Be kind.", "version": "2"})
    monkeypatch.setattr("benchmark.detector.llm_judge.prompt.load_rubric", lambda: rubric)
    judge_with_model(CASE, settings)
    assert len(server.bodies) == 3


@pytest.mark.parametrize("damage", [b"", b"\xff\x00", json.dumps({**SILENCE, "relies": "yes"}).encode()])
def test_a_damaged_cache_is_asked_anew(server, cache, damage):
    first = judge_with_model(CASE, settings_for(server))
    [path] = cache.rglob("*.json")
    path.write_bytes(damage)
    assert judge_with_model(CASE, settings_for(server)) == first
    assert len(server.bodies) == 2


def test_a_cache_that_cannot_be_written_is_done_without(server, cache):
    cache.parent.mkdir()
    cache.write_text("a file where the folder should be")
    assert judge_with_model(CASE, settings_for(server)).mentions is True
