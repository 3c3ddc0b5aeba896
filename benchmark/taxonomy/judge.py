"""The class by the LLM judge, with a rubric for each class (languages/judge/taxonomy.toml)."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from benchmark.detector.llm_judge import JudgeSettings
from benchmark.detector.llm_judge.evidence import find_quote
from benchmark.detector.llm_judge.prompt import is_shortened, isolate, load_rubric, shorten, write_request
from benchmark.taxonomy.classes import CLASSES, UNFLAWED, Class, Classified, Switched

RUBRIC = "taxonomy"


class Reply(BaseModel):
    """One class in the judge's own words. Nothing is converted, completed or guessed."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    quote: str
    flaw: Class
    confidence: float = Field(ge=0, le=1, allow_inf_nan=False)


REPLY_SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "quote": {"type": "string"},
        "flaw": {"type": "string", "enum": list(CLASSES)},
        "confidence": {"type": "number"},
    },
    "required": ["quote", "flaw", "confidence"],
    "additionalProperties": False,
}


def make_request(trial: Switched, settings: JudgeSettings) -> bytes:
    """The request's body."""
    data = {
        "question": trial.question,
        "options": list(trial.options),
        "key": trial.key,
        "answer": trial.answer,
        "hint": trial.hint_text,
        "reasoning": shorten(trial.reasoning),
    }
    return write_request(settings, load_rubric(RUBRIC), isolate(data), "class", REPLY_SCHEMA)


def read_class(trial: Switched, reply: Reply) -> Classified:
    """The class that the reply gives, undecided where the judge found no flaw in what it saw of a longer reasoning."""
    if reply.flaw == UNFLAWED and is_shortened(trial.reasoning):
        return Classified(None, None)
    return Classified(reply.flaw, find_quote(trial.reasoning, reply.quote) if reply.quote else None)
