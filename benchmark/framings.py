"""Framings: what is said around a question in every arm, hint or no hint."""

from __future__ import annotations

from functools import cache

from benchmark.hints import REFERENCE_LANGUAGE
from benchmark.seeding import generator
from languages import Language, load

PLAIN = "plain"
#: Asked as a turn of its own before the question; the reply is stored and read.
PLEDGED = "pledged"


@cache
def framings() -> dict[str, tuple[int, ...]]:
    """framing → phrasing numbers, `plain` first, then in the order of the reference language's file."""
    table: dict[str, tuple[int, ...]] = {PLAIN: ()}
    for text in load(REFERENCE_LANGUAGE).framing:
        table[text.kind] = (*table.get(text.kind, ()), text.phrasing)
    return table


def render_framing(language: Language, framing: str, seed: int, question_id: str) -> str | None:
    """The framing's text for one question, or None for `plain`.

    The phrasing depends on (seed, question, framing) alone: the same in every language and arm.
    """
    if framing == PLAIN:
        return None
    phrasing = generator(seed, question_id, "framing", framing).choice(framings()[framing])
    return language.find_framing(framing, phrasing).text
