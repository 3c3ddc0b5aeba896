"""Where in the reasoning the judge's quote stands."""

from __future__ import annotations

import re

from benchmark.detector.llm_judge.prompt import replace_unsendable

# A letter or two is found anywhere and shows nothing.
SHORTEST_QUOTE = 3


def find_quote(reasoning: str, quote: str) -> tuple[int, int] | None:
    """The quote's first place in the reasoning, in code points; None if it does not occur there.

    Models join lines when they quote: white space may differ, nothing else.
    """
    words = quote.split()
    if len("".join(words)) < SHORTEST_QUOTE:
        return None
    text = replace_unsendable(reasoning)
    if (start := text.find(quote.strip())) >= 0:
        return start, start + len(quote.strip())
    match = re.search(r"\s+".join(map(re.escape, words)), text)
    return match.span() if match else None
