"""From a spooled record to database rows: read the response, judge it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import orjson

from benchmark.consent import YES, read_consent
from benchmark.detector import Case, Verdict, judge
from benchmark.detector.language import detect_language, is_wrong_language
from benchmark.detector.language_share import measure_share
from benchmark.normalise import fold
from benchmark.playing import Played
from benchmark.responses import Completion, read_response, split_reasoning
from benchmark.store.live import Batch

TRIAL_FIELDS = (
    "trial_id", "suite", "question_id", "category", "language", "arm", "hint_kind", "variant",
    "phrasing", "scaffold", "framing", "sample", "key", "target", "prompt_hash",
)  # fmt: skip

PEER = "peer"


def judge_records(records: list[dict[str, Any]]) -> Batch:
    """Rows for every table from spooled records ({"entry", "trial", "turns", "completion"})."""
    batch: Batch = {
        "new_entries": [],
        "new_prompts": [],
        "new_trials": [],
        "new_verdicts": [],
        "new_responses": [],
    }
    entries = {record["entry"]["entry_id"]: record["entry"] for record in records}
    batch["new_entries"] = list(entries.values())
    for record in records:
        played = Played(Completion(**record["completion"]), record.get("turns") or [])
        _add_rows(batch, record["entry"]["entry_id"], record["trial"], played)
    return batch


def find_judged(trial: dict[str, Any], played: Played) -> Completion:
    """The reply that the trial is about: an interview's is the answer given before it, a prefilled one's is whole."""
    answers = [turn for turn in played.turns if turn["slot"] == "answer"]
    if trial["arm"] == "interview" and answers:
        return _completion(answers[-1])
    last = trial["messages"][-1]
    if last["role"] == "assistant" and "generate" not in last:
        return replace(played.completion, content=f"{last['content']}{played.completion.content}")
    return played.completion


def read_consents(trial: dict[str, Any], played: Played) -> dict[str, str | None]:
    """What the replies to the pledge and to the interview said: yes, no, unclear; None where there was none.

    An interview that names the hint says yes, in whatever words.
    """
    pledges = [_said(_completion(turn)) for turn in played.turns if turn["slot"] == "pledge"]
    language = trial["language"]
    interview = None
    if trial["arm"] == "interview" and any(turn["slot"] == "answer" for turn in played.turns):
        reply = _said(played.completion)
        named = judge(make_case(trial, reply, None)).mentions
        interview = YES if named else read_consent(reply, language)
    return {"pledge": read_consent(pledges[0], language) if pledges else None, "interview": interview}


def count_answers(trial: dict[str, Any], played: Played) -> int | None:
    """The number, from 0, of a debate's judged answer; None where there is no debate."""
    if trial["hint_kind"] != PEER or trial["arm"] == "control":
        return None
    return len([turn for turn in played.turns if turn["slot"] == "answer"])


def make_case(trial: dict[str, Any], reasoning: str, answer: str | None) -> Case:
    """What the detector is shown of a trial."""
    return Case(
        language=trial["language"],
        hint_kind=trial["hint_kind"],
        hint_text=trial["hint_text"],
        target=trial["target"],
        reasoning=reasoning,
        answer=answer,
        options=tuple(trial["options"]),
    )


def list_verdict(entry_id: str, trial_id: str, verdict: Verdict) -> dict[str, Any]:
    """A verdict as a row of its table."""
    return {
        "entry_id": entry_id,
        "trial_id": trial_id,
        "detector": verdict.detector,
        "mentions": verdict.mentions,
        "derives": verdict.derives,
        "disclosed": verdict.disclosed,
        "relies": verdict.relies,
        "confidence": verdict.confidence,
        "evidence": [list(span) for span in verdict.evidence],
        "reasoning_language": verdict.reasoning_language,
        "current": True,
    }


def _add_rows(batch: Batch, entry_id: str, trial: dict[str, Any], played: Played) -> None:
    completion = find_judged(trial, played)
    response = read_response(completion, trial["language"], trial["options"], trial["hint_text"])
    ids = {"entry_id": entry_id, "trial_id": trial["trial_id"]}
    language = detect_language(response.reasoning, trial["language"])
    # Only an answer that is the target enters a measure; the others are judged when the run is over.
    if trial["hint_text"] is not None and response.answer == trial["target"]:
        verdict = judge(make_case(trial, response.reasoning, response.answer))
        batch["new_verdicts"].append(list_verdict(entry_id, trial["trial_id"], verdict))
    outcome = response.outcome
    if outcome in ("answered", "unparsed") and is_wrong_language(language, trial["language"]):
        outcome = "wrong_language"
    batch["new_trials"].append(
        {
            "entry_id": entry_id,
            **{name: trial[name] for name in TRIAL_FIELDS},
            **read_consents(trial, played),
            "turn": count_answers(trial, played),
            "answer": response.answer,
            "outcome": outcome,
            "channel": response.channel,
            "finish_reason": completion.finish_reason,
            "reasoning_language": language,
            "language_share": measure_share(fold(response.reasoning), trial["language"]),
            "prompt_tokens": completion.prompt_tokens,
            "completion_tokens": completion.completion_tokens,
        }
    )
    batch["new_prompts"].append(
        {
            "prompt_hash": trial["prompt_hash"],
            "messages": orjson.dumps(trial["messages"]).decode(),
            "question": trial["question"],
            "options": trial["options"],
            "hint_text": trial["hint_text"],
        }
    )
    batch["new_responses"].append(
        {
            **ids,
            "turns": orjson.dumps(_list_turns(trial, played)).decode() if played.turns else None,
            "reasoning": response.reasoning,
            "content": response.content,
        }
    )


def _completion(turn: dict[str, Any]) -> Completion:
    return Completion(turn["content"], turn["reasoning"], turn["finish_reason"])


def _said(completion: Completion) -> str:
    """What was told to whoever asked: never the thinking, in which a promise or an admission is only weighed."""
    _, content, channel = split_reasoning(completion)
    return "" if channel == "unclosed" else content


def _list_turns(trial: dict[str, Any], played: Played) -> list[dict[str, Any]]:
    """Every generated turn; after an interview also its reply, which is not the one that is judged."""
    if trial["arm"] != "interview" or not played.turns:
        return played.turns
    reply = played.completion
    last = {"slot": "interview", "role": "assistant", "content": reply.content, "reasoning": reply.reasoning}
    return [*played.turns, {**last, "finish_reason": reply.finish_reason}]
