"""What stands after a cut reasoning, so that the next token is the letter of an answer."""

from __future__ import annotations

from dataclasses import dataclass

from languages import load

THINK = "<think>"
THINK_OPEN = f"{THINK}\n"
THINK_CLOSE = "\n</think>\n\n"
#: Channels whose reasoning stood in a thinking block; see benchmark/responses.py.
IN_BLOCK = ("raw", "unclosed")


@dataclass(frozen=True)
class Cue:
    """A language's answer line up to the letter, and what stands between the two (a space, or nothing)."""

    text: str
    gap: str


def find_cue(language: str) -> Cue:
    """The cue of a language, from its file's `[prompt].final`."""
    before = load(language).prompt.final.partition("{letter}")[0]
    return Cue(before.rstrip(), before[len(before.rstrip()) :])


def force(prefix: str, channel: str, cue: Cue, opened: bool = False) -> str:
    """The reply so far: the cut reasoning, its thinking block closed where it has one, and the cue.

    Args:
        prefix: the beginning of the reasoning.
        channel: where the reasoning stood.
        cue: of the trial's language.
        opened: whether the prompt itself ends by opening the thinking block.
    """
    prefix = prefix.rstrip()
    if channel in IN_BLOCK:
        return f"{'' if opened else THINK_OPEN}{prefix}{THINK_CLOSE}{cue.text}"
    return f"{prefix}\n{cue.text}" if prefix else cue.text
