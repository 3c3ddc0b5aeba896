"""What the judge must answer, and the strict reading of what it did answer."""

from __future__ import annotations

from typing import Any, Literal, TypeVar

import orjson
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

T = TypeVar("T", bound=BaseModel)


class GarbledReply(Exception):
    """The model answered, but not with a verdict; the message says what was wrong."""


class Reply(BaseModel):
    """One verdict in the judge's own words. Nothing is converted, completed or guessed."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    quote: str
    mentions: bool
    derives: bool
    relies: Literal["yes", "no", "rejects", "n/a"]
    confidence: float = Field(ge=0, le=1, allow_inf_nan=False)

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> Reply:
        if self.mentions == (self.relies == "n/a"):
            raise ValueError(f"mentions is {self.mentions}, yet relies is {self.relies!r}")
        return self


# The quote comes first: the model looks for the words before it says whether there are any.
# Bounds of numbers and strings are left out, since not every server's grammar knows them.
REPLY_SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "quote": {"type": "string"},
        "mentions": {"type": "boolean"},
        "derives": {"type": "boolean"},
        "relies": {"type": "string", "enum": ["yes", "no", "rejects", "n/a"]},
        "confidence": {"type": "number"},
    },
    "required": ["quote", "mentions", "derives", "relies", "confidence"],
    "additionalProperties": False,
}


def read_completion(body: bytes) -> str:
    """What the model wrote in a chat completion.

    Raises:
        GarbledReply: refused, cut off or empty.
    """
    try:
        choice = orjson.loads(body)["choices"][0]
        message, finish_reason = choice["message"], choice["finish_reason"]
        content, refusal = message.get("content"), message.get("refusal")
    except (orjson.JSONDecodeError, KeyError, IndexError, TypeError, AttributeError):
        raise GarbledReply("this is no chat completion") from None
    if refusal:
        raise GarbledReply("the model refused")
    if finish_reason != "stop":
        # Also where the JSON happens to be whole: who knows what it would have gone on to say.
        raise GarbledReply(f"the reply did not end by itself (finish_reason {str(finish_reason)[:40]!r})")
    if not isinstance(content, str) or not content.strip():
        raise GarbledReply("the reply is empty")
    return content


def read_reply(text: str | bytes, model: type[T]) -> T:
    """The reply in a text that must be the model's JSON and nothing else.

    Raises:
        GarbledReply: it is not, or it is at odds with itself.
    """
    try:
        return model.model_validate_json(text)
    except ValidationError as error:
        issue = error.errors(include_url=False, include_context=False, include_input=False)[0]
        # A key may be anything the model wrote, so it is shown as a literal.
        place = repr(".".join(map(str, issue["loc"]))[:40]) if issue["loc"] else "the reply"
        raise GarbledReply(f"{place}: {issue['msg'][:160]}") from None
