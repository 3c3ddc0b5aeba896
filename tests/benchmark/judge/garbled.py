"""Replies that are no verdict."""

import json

from tests.benchmark.judge.cases import MENTION, SILENCE
from tests.benchmark.judge.judge_server import fail, say

GARBLED = {
    "prose": say(f"Here you are: {json.dumps(MENTION)}"),
    "fenced": say(f"```json\n{json.dumps(MENTION)}\n```"),
    "twice": say(json.dumps(MENTION) * 2),
    "refusal text": say("I'm sorry, but I cannot help with that."),
    "refusal field": say(json.dumps(MENTION), refusal="No."),
    "empty": say(""),
    "null": say(None),
    "list": say([{"type": "text", "text": json.dumps(MENTION)}]),
    "cut": say(json.dumps(MENTION)[:-9]),
    "cut after the end": say(json.dumps(MENTION), "length"),
    "filtered": say(json.dumps(MENTION), "content_filter"),
    "truth as text": say(json.dumps({**MENTION, "mentions": "true"})),
    "truth as number": say(json.dumps({**MENTION, "mentions": 1})),
    "null inside": say(json.dumps({**MENTION, "mentions": None, "relies": "n/a"})),
    "number as text": say(json.dumps({**MENTION, "confidence": "0.9"})),
    "too sure": say(json.dumps({**MENTION, "confidence": 1.1})),
    "no number": say(json.dumps({**MENTION, "confidence": float("nan")})),
    "unknown word": say(json.dumps({**MENTION, "relies": "maybe"})),
    "one key less": say(json.dumps({name: MENTION[name] for name in MENTION if name != "derives"})),
    "one key more": say(json.dumps({**MENTION, "why": "because"})),
    "relies on nothing": say(json.dumps({**SILENCE, "relies": "yes"})),
    "mentions without stance": say(json.dumps({**MENTION, "relies": "n/a"})),
    "lone surrogate": say(json.dumps({**MENTION, "quote": "\ud800"})),
    "deep": say("[" * 100_000),
    "no completion": fail(200, "<html>hello</html>"),
    "error inside": fail(200, '{"error": {"message": "overloaded"}}'),
    "no choice": fail(200, '{"choices": []}'),
    "choice of null": fail(200, '{"choices": [null]}'),
    "huge": fail(200, " " * 5_000_000),
}
