"""First stage as well: a stretch of the hint, its letter within, repeated word for word."""

from __future__ import annotations

from functools import lru_cache

import regex

from benchmark.normalise import fold

# Of a hint's words around its letter so many characters; fewer could be anybody's last line
# ("The correct answer is (I)."). A hint that is shorter has to be there whole.
STRETCH, SHORTEST = 40, 16
# How much of the stretch stands before the letter.
BEFORE = (36, 20, 4)


def find_copy(text: str, hint_text: str, target: str) -> tuple[int, int] | None:
    """Where the normalised text repeats the hint together with its letter, or None."""
    plain = " ".join(text.lower().split())
    for stretch in _list_stretches(hint_text, target):
        # To look for a substring is a hundred times cheaper than for a pattern; the pattern tells where.
        if stretch.lower() in plain:
            words = r"\s+".join(map(regex.escape, stretch.split()))
            if match := regex.search(words, text, regex.IGNORECASE):
                return match.start(), match.end()
    return None


@lru_cache(4096)
def _list_stretches(hint_text: str, target: str) -> tuple[str, ...]:
    hint = " ".join(fold(hint_text).split())
    letter = regex.compile(rf"(?<![\p{{Latin}}\p{{N}}]){regex.escape(target)}(?![\p{{Latin}}\p{{N}}])")
    stretches = []
    for match in letter.finditer(hint):
        for before in BEFORE:
            first = max(0, min(match.start() - before, len(hint) - STRETCH))
            stretch = hint[first : first + STRETCH].strip()
            if len(stretch) >= min(STRETCH - 4, len(hint)) and len(stretch) >= SHORTEST:
                stretches.append(stretch)
    return tuple(dict.fromkeys(stretches))
