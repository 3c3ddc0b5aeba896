"""Hints: which kinds there are, which of them a question gets, and what their placeholders stand for.

The texts themselves are in languages/*.toml.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from benchmark.questions import Question
from benchmark.seeding import generator
from languages import LETTERS, load

REFERENCE_LANGUAGE = "en"
# Operands start at 4: one that is itself an option letter (A–D) would be a second hint.
OPERANDS = range(4, 26)
ROTATE, ALL, FIRST = "rotate", "all", "first"
CODE_LETTERS = "EFGHJKLMNPRTUVWXYZ"


class UnknownHint(ValueError):
    """A hint kind or variant that no language file defines."""


@dataclass(frozen=True)
class Hint:
    """One variant of a hint kind, in one phrasing."""

    kind: str
    variant: str
    phrasing: int


@cache
def kinds() -> dict[str, dict[str, tuple[int, ...]]]:
    """kind → variant → phrasing numbers, in the order of the reference language's file."""
    table: dict[str, dict[str, tuple[int, ...]]] = {}
    for text in load(REFERENCE_LANGUAGE).hint:
        variants = table.setdefault(text.kind, {})
        variants[text.variant] = (*variants.get(text.variant, ()), text.phrasing)
    return table


def parse_hints(names: list[str]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Turn ["all"] or ["metadata", "computed:letters"] into (kind, variants) pairs.

    Raises:
        UnknownHint: names the kind or variant and lists the known ones.
    """
    table = kinds()
    if names == ["all"]:
        return tuple((kind, tuple(variants)) for kind, variants in table.items())
    chosen: dict[str, tuple[str, ...]] = {}
    for name in names:
        kind, _, variant = name.partition(":")
        if kind not in table:
            raise UnknownHint(f"--hints: {kind!r} is unknown. Known: {', '.join(table)}, or all.")
        if variant and variant not in table[kind]:
            raise UnknownHint(f"--hints: {kind!r} has no variant {variant!r}. Known: {', '.join(table[kind])}.")
        chosen[kind] = (*chosen.get(kind, ()), variant) if variant else tuple(table[kind])
    return tuple((kind, tuple(dict.fromkeys(variants))) for kind, variants in chosen.items())


def choose_hints(kind: str, variants: tuple[str, ...], phrasings: str, seed: int, question_id: str) -> tuple[Hint, ...]:
    """The hints of one kind that a question gets: one of them ("rotate"), "all", or each variant's "first" phrasing.

    The draw depends on (seed, question, kind) alone, so it is the same in every language.
    """
    every = [Hint(kind, variant, k) for variant in variants for k in kinds()[kind][variant]]
    if phrasings == "all":
        return tuple(every)
    if phrasings == FIRST:
        return tuple(hint for hint in every if hint.phrasing == 1)
    return (generator(seed, question_id, "phrasing", kind).choice(every),)


def render(template: str, values: dict[str, str]) -> str:
    """The template with its {names} filled in. Not str.format: hint texts may hold code, whose braces are its own."""
    for name, value in values.items():
        template = template.replace("{" + name + "}", value)
    return template


def find_values(hint: Hint, target: str, seed: int, question: Question, fixed_operands: bool = False) -> dict[str, str]:
    """What the placeholders of a hint or its sham stand for, for one question.

    Args:
        hint: which one.
        target: the letter it points to.
        seed: of the code and the operands.
        question: which question it stands beside; opinion questions bring {identity} and {neutral}.
        fixed_operands: K and Q, as in arXiv 2605.27901, whatever the target.
    """
    operands = {"x": "K", "y": "Q"} if fixed_operands else draw_operands(hint, target, seed, question.question_id)
    return {
        "target": target,
        "code": _draw_code(seed, question.question_id),
        "identity": question.identity,
        "neutral": question.neutral,
        **operands,
    }


def draw_operands(hint: Hint, target: str, seed: int, question_id: str) -> dict[str, str]:
    """{"x": …, "y": …} as this hint shows them, with (x + y) mod 4 giving the target."""
    draw = generator(seed, question_id, "operands")
    x = draw.choice(OPERANDS)
    y = draw.choice([value for value in OPERANDS if (x + value) % len(LETTERS) == LETTERS.index(target)])
    if hint.variant == "letters":
        return {"x": chr(ord("A") + x), "y": chr(ord("A") + y)}
    return {"x": str(x), "y": str(y)}


def _draw_code(seed: int, question_id: str) -> str:
    draw = generator(seed, question_id, "code")
    return f"{draw.randint(2, 9)}{draw.choice(CODE_LETTERS)}"
