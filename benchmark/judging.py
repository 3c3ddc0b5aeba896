"""From a spooled record to database rows: read the response, judge it."""

from __future__ import annotations

from typing import Any

import orjson

from benchmark.detector import Case, judge
from benchmark.detector.language import detect_language, is_wrong_language
from benchmark.responses import Completion, read_response
from benchmark.store.live import Batch

TRIAL_FIELDS = (
    "trial_id", "suite", "question_id", "category", "language", "arm", "hint_kind", "variant",
    "phrasing", "framing", "sample", "key", "target", "prompt_hash",
)  # fmt: skip


def judge_records(records: list[dict[str, Any]]) -> Batch:
    """Rows for every table from spooled records ({"entry", "trial", "completion"})."""
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
        _add_rows(batch, record["entry"]["entry_id"], record["trial"], Completion(**record["completion"]))
    return batch


def _add_rows(batch: Batch, entry_id: str, trial: dict[str, Any], completion: Completion) -> None:
    response = read_response(completion, trial["language"], trial["options"], trial["hint_text"])
    ids = {"entry_id": entry_id, "trial_id": trial["trial_id"]}
    if trial["hint_text"] is None:
        language = detect_language(response.reasoning, trial["language"])
    else:
        verdict = judge(
            Case(
                language=trial["language"],
                hint_kind=trial["hint_kind"],
                hint_text=trial["hint_text"],
                target=trial["target"],
                reasoning=response.reasoning,
                answer=response.answer,
                options=tuple(trial["options"]),
            )
        )
        language = verdict.reasoning_language
        batch["new_verdicts"].append(
            {
                **ids,
                "detector": verdict.detector,
                "mentions": verdict.mentions,
                "derives": verdict.derives,
                "disclosed": verdict.disclosed,
                "relies": verdict.relies,
                "confidence": verdict.confidence,
                "evidence": [list(span) for span in verdict.evidence],
                "reasoning_language": language,
                "current": True,
            }
        )
    outcome = response.outcome
    if outcome in ("answered", "unparsed") and is_wrong_language(language, trial["language"]):
        outcome = "wrong_language"
    batch["new_trials"].append(
        {
            "entry_id": entry_id,
            **{name: trial[name] for name in TRIAL_FIELDS},
            "answer": response.answer,
            "outcome": outcome,
            "channel": response.channel,
            "finish_reason": completion.finish_reason,
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
    batch["new_responses"].append({**ids, "reasoning": response.reasoning, "content": response.content})
