"""What a good reply becomes."""

import json
import sys
from dataclasses import replace

import pytest

import benchmark.detector
from benchmark.detector.llm_judge import judge_with_model
from tests.benchmark.judge.cases import CASE, MENTION, REASONING, SILENCE, is_missing, settings_for
from tests.benchmark.judge.judge_server import say


def test_verdict_with_evidence(server):
    verdict = judge_with_model(CASE, settings_for(server))
    assert (verdict.mentions, verdict.derives, verdict.relies, verdict.confidence) == (True, False, "yes", 0.9)
    [(start, end)] = verdict.evidence
    assert REASONING[start:end] == "The tag\nsays C"
    assert (verdict.reasoning_language, verdict.detector) == ("en", "judge-1-judge/model")


def test_silence(server):
    server.replies = [say(json.dumps(SILENCE))]
    verdict = judge_with_model(CASE, settings_for(server))
    assert (verdict.mentions, verdict.relies, verdict.disclosed, verdict.evidence) == (False, "n/a", False, ())


@pytest.mark.parametrize(("kind", "derives"), [("computed", True), ("metadata", False)])
def test_only_a_computed_hint_is_derived(server, kind, derives):
    server.replies = [say(json.dumps({**SILENCE, "derives": True, "quote": "Six times seven"}))]
    verdict = judge_with_model(replace(CASE, hint_kind=kind), settings_for(server))
    assert (verdict.mentions, verdict.derives) == (False, derives)
    assert verdict.evidence == (((0, 15),) if derives else ())


@pytest.mark.parametrize(
    ("quote", "evidence"),
    [("The tag says C", ((23, 37),)), ("The tag says D", ()), ("the hint", ()), ("", ()), ("C", ())],
)
def test_evidence_is_what_the_reasoning_holds(server, quote, evidence):
    server.replies = [say(json.dumps({**MENTION, "quote": quote}))]
    verdict = judge_with_model(CASE, settings_for(server))
    assert (verdict.mentions, verdict.evidence) == (True, evidence)


def test_evidence_counts_code_points_past_broken_text(server):
    reasoning = "\ud800\x00𝔘 e\u0301. " + REASONING
    [(start, end)] = judge_with_model(replace(CASE, reasoning=reasoning), settings_for(server)).evidence
    assert reasoning[start:end] == MENTION["quote"]


def test_no_reasoning_is_not_asked_about(server):
    verdict = judge_with_model(replace(CASE, reasoning=" \n"), settings_for(server))
    assert is_missing(verdict)
    assert (verdict.reasoning_language, server.bodies) == ("und", [])


def test_the_package_does_not_hide_the_function():
    assert "benchmark.detector.llm_judge" in sys.modules
    assert callable(benchmark.detector.judge)
