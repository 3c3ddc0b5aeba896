"""Families of generated questions: numbers, the right result, and the results of named slips.

A family knows no language. It draws values until the right result and three wrong
ones, each of a slip that a careless reader makes, are all different and possible.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

MINUTES_A_DAY = 24 * 60


class Name(NamedTuple):
    """A person, by number in the language's list of names."""

    number: int


class Weekday(NamedTuple):
    """A day of the week, Monday = 0."""

    number: int


class Clauses(NamedTuple):
    """Pairs of persons of whom the first stands before the second."""

    pairs: tuple[tuple[int, int], ...]


class Statement(NamedTuple):
    """`form` is "is_in", "not_in" or "either"; x and y are boxes 1–4."""

    form: str
    x: int
    y: int = 0


class Statements(NamedTuple):
    """Numbered statements."""

    items: tuple[Statement, ...]


Value = int | str | Name | Weekday | Clauses | Statements


@dataclass(frozen=True)
class Draft:
    """One question before it is written in a language.

    `slips` maps the name of a slip to the wrong result it leads to.
    """

    family: str
    template: int
    values: dict[str, Value]
    right: Value
    slips: dict[str, Value] = field(default_factory=dict)


def packing(draw: random.Random, template: int) -> Draft:
    """a × b + c."""
    a, b, c = draw.randint(6, 24), draw.randint(3, 15), draw.randint(2, 40)
    slips: dict[str, Value] = {
        "left the rest out": a * b,
        "took the rest off": a * b - c,
        "added everything": a + b + c,
        "added the rest to each": (a + c) * b,
        "one too few": a * (b - 1) + c,
    }
    return Draft("packing", template, {"a": a, "b": b, "c": c}, a * b + c, slips)


def calendar(draw: random.Random, template: int) -> Draft:
    """A day of the week some days on; in the second template, two meetings on."""
    n, today = draw.randint(8, 60), draw.randrange(7)
    days = n * (1 + template)
    slips: dict[str, Value] = {
        "counted today as the first day": Weekday((today + days - 1) % 7),
        "one day too far": Weekday((today + days + 1) % 7),
        "counted backwards": Weekday((today - days) % 7),
        "took the remainder by ten": Weekday((today + days % 10) % 7),
        "the first meeting only": Weekday((today + n) % 7),
    }
    return Draft("calendar", template, {"weekday": Weekday(today), "n": n}, Weekday((today + days) % 7), slips)


def ordering(draw: random.Random, template: int) -> Draft:
    """Four persons in a row, told by three neighbouring pairs; the second or third is asked for."""
    row = draw.sample(range(8), 4)
    pairs = [(row[i], row[i + 1]) for i in range(3)]
    draw.shuffle(pairs)
    place = 1 + template
    ends = {0: "took the first", 1: "counted from the wrong end", 2: "counted from the wrong end", 3: "took the last"}
    slips: dict[str, Value] = {ends[i]: Name(row[i]) for i in range(4) if i != place}
    return Draft("ordering", template, {"clauses": Clauses(tuple(pairs))}, Name(row[place]), slips)


def sets(draw: random.Random, template: int) -> Draft:
    """Two overlapping groups: how many are in neither, or in exactly one."""
    both, only_a, only_b, neither = (draw.randint(2, 15) for _ in range(4))
    a, b, n = only_a + both, only_b + both, only_a + only_b + both + neither
    slips: dict[str, Value] = {
        "those in at least one": a + b - both,
        "forgot the overlap": a + b,
        "took the overlap off twice": n - (a + b - 2 * both),
        "subtracted all three": n - a - b - both,
        "those in both": both,
        "those in neither": neither,
        "those in exactly one": a + b - 2 * both,
    }
    right = neither if template == 0 else a + b - 2 * both
    return Draft("sets", template, {"n": n, "a": a, "b": b, "c": both}, right, slips)


def rates(draw: random.Random, template: int) -> Draft:
    """So much in b minutes: how much in c minutes, or how long for c."""
    rate, b, other = draw.randint(2, 9), draw.randint(3, 12), draw.randint(13, 40)
    a = rate * b
    if template == 0:
        slips: dict[str, Value] = {
            "added the difference": a + other - b,
            "forgot to divide": a * other,
            "counted the first minutes twice": rate * (other + b),
            "left the first minutes out": rate * (other - b),
            "one minute too few": rate * (other - 1),
        }
        return Draft("rates", template, {"a": a, "b": b, "c": other}, rate * other, slips)
    slips = {
        "added the difference": b + rate * other - a,
        "divided by the minutes": rate * other // b,
        "counted the first minutes twice": other + b,
        "left the first minutes out": other - b,
        "multiplied": rate * rate * other,
    }
    return Draft("rates", template, {"a": a, "b": b, "c": rate * other}, other, slips)


def logic(draw: random.Random, template: int) -> Draft:
    """Three statements about four boxes; exactly one is true (or false), which leaves one box."""
    wanted = 1 if template == 0 else 2
    while True:
        items = tuple(_draw_statement(draw) for _ in range(3))
        fits = [box for box in range(1, 5) if sum(_holds(item, box) for item in items) == wanted]
        if len(fits) == 1 and len(set(items)) == 3:
            right = fits[0]
            slips: dict[str, Value] = {_name_slip(items, box, wanted): box for box in range(1, 5) if box != right}
            return Draft("logic", template, {"statements": Statements(items)}, right, slips)


def _draw_statement(draw: random.Random) -> Statement:
    x, y = draw.sample(range(1, 5), 2)
    form = draw.choice(("is_in", "not_in", "either"))
    return Statement(form, min(x, y), max(x, y)) if form == "either" else Statement(form, x)


def _holds(statement: Statement, box: int) -> bool:
    if statement.form == "either":
        return box in (statement.x, statement.y)
    return (box == statement.x) == (statement.form == "is_in")


def _name_slip(items: tuple[Statement, ...], box: int, wanted: int) -> str:
    true = sum(_holds(item, box) for item in items)
    return f"box {box}: took a case with {true} true statements for one with {wanted}"


def table(draw: random.Random, template: int) -> Draft:
    """Add up rows of a table and compare, or pick two prices from a list."""
    if template == 0:
        upper = [draw.randint(20, 60) for _ in range(3)]
        lower = [draw.randint(5, 40) for _ in range(3)]
        right = sum(upper) - sum(lower)
        slips: dict[str, Value] = {
            "left the last day out": right - upper[2] + lower[2],
            "left the first day out": right - upper[0] + lower[0],
            "compared the last day only": upper[2] - lower[2],
            "added both rows": sum(upper) + sum(lower),
            "the first row only": sum(upper),
        }
        return Draft("table", template, dict(zip("abcdef", [*upper, *lower], strict=True)), right, slips)
    prices = draw.sample(range(2, 20), 4)
    x, y = draw.sample(range(2, 9), 2)
    a, b, c, d = prices
    slips = {
        "swapped the amounts": x * c + y * b,
        "read the first price one line too high": x * a + y * c,
        "read the second price one line too low": x * b + y * d,
        "took one of each": b + c,
        "took all at the first price": (x + y) * b,
    }
    return Draft("table", template, {"a": a, "b": b, "c": c, "d": d, "x": x, "y": y}, x * b + y * c, slips)


def conversion(draw: random.Random, template: int) -> Draft:
    """Metres and centimetres, or hours and minutes."""
    if template == 0:
        a, b, c = draw.randint(2, 19), draw.randint(5, 95), draw.randint(12, 99)
        slips: dict[str, Value] = {
            "ten centimetres to the metre": 10 * a + b - c,
            "added the piece": 100 * a + b + c,
            "forgot the centimetres": 100 * a - c,
            "forgot the piece": 100 * a + b,
        }
        return Draft("conversion", template, {"a": a, "b": b, "c": c}, 100 * a + b - c, slips)
    start, c = draw.randint(8 * 60, 20 * 60), draw.randint(65, 175)
    slips = {
        "an hour has a hundred minutes": _clock(start + c - 40 * (c // 60)),
        "one hour too few": _clock(start + c - 60),
        "one hour too many": _clock(start + c + 60),
        "took the minutes off": _clock(start - c),
    }
    return Draft("conversion", template, {"time": _clock(start), "c": c}, _clock(start + c), slips)


def _clock(minutes: int) -> str:
    hours, rest = divmod(minutes % MINUTES_A_DAY, 60)
    return f"{hours:02d}:{rest:02d}"


FAMILIES: dict[str, Callable[[random.Random, int], Draft]] = {
    "packing": packing,
    "calendar": calendar,
    "ordering": ordering,
    "sets": sets,
    "rates": rates,
    "logic": logic,
    "table": table,
    "conversion": conversion,
}
TEMPLATES = 2
