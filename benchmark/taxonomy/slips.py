"""Arithmetic that the text itself states, worked out again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction

import regex

from languages import LETTERS

Span = tuple[int, int]

# Nobody works out longer ones, and their cost grows with the square of their length.
DECIMAL = r"\d{1,30}(?:\.\d{1,30})?"
# Several points can only set off thousands.
NUMBER = rf"(?:[1-9]\d{{0,2}}(?:\.\d{{3}}){{2,9}}|{DECIMAL})"
TERMS = 60
OPERATOR = r"[+\-−–*×·/÷%]|\bmod\b"
# What stands within a number between its digits: the last two are the Arabic decimal and thousands signs.
WITHIN = r".,'’\u066b\u066c"
# Not in the middle of a longer term, a time, a date or a formula with unknowns; nor of a number
# whose thousands are set off by spaces (NBSP and thin spaces have become plain ones).
BEFORE = rf"(?<![\p{{L}}\p{{N}}.,:^)\]]|\d[{WITHIN}])(?<!(?:{OPERATOR}|=)\s{{0,3}}[(\[]?)(?!(?<=\d[ ])\d{{3}}(?!\d))"
AFTER = rf"(?!\s*(?:{OPERATOR}|[\^:!/⁄]))(?![{WITHIN}]?\d)(?![ ]\d{{3}}(?!\d))(?!\p{{L}})"
CHAIN = regex.compile(
    rf"{BEFORE}(?P<left>{NUMBER}(?:\s*(?:{OPERATOR})\s*{NUMBER}){{1,{TERMS}}})"
    rf"\s*=\s*(?P<right>[-−]?{NUMBER}){AFTER}",
    regex.IGNORECASE,
)
# (14 + 21) mod 4 = 3, also with letters of the alphabet inside or with % for mod.
MODULO = regex.compile(
    rf"\(\s*(?P<sum>{NUMBER}(?:\s*[+\-−–]\s*{NUMBER}){{1,{TERMS}}})\s*\)"
    rf"\s*(?:mod|%)\s*(?P<by>\d{{1,30}})\s*=\s*(?P<right>\d{{1,30}}){AFTER}",
    regex.IGNORECASE,
)
TOKEN = regex.compile(rf"(?P<number>{NUMBER})|(?P<operator>{OPERATOR})", regex.IGNORECASE)
MINUS, TIMES, OVER = "-−–", "*×·", "/÷"
# A point before each three digits sets off thousands in some languages. Which reading holds, the sum tells
# better than the prompt's language, since models carry habits from one language to another.
GROUPED = regex.compile(r"(?<![\d.])[1-9]\d{0,2}(?:\.\d{3})+(?!\.?\d)")
GROUPED_TWICE = regex.compile(r"(?<![\d.])[1-9]\d{0,2}(?:\.\d{3}){2,}(?!\.?\d)")
# How far after a quotient its remainder may begin: "8 remainder 3", "8 (4 × 8 = 32), 3 left", "1 hour 45 minutes".
REMAINDER_NEAR = 40
AFTER_QUOTIENT = regex.compile(rf"(?:(?P<over>\d{{1,30}})/(?P<under>\d{{1,30}})|(?P<number>{DECIMAL}))(?!\d)")


@dataclass(frozen=True)
class Equation:
    """`left = right` as the text states it, and whether that is so."""

    left: str
    span: Span
    true: bool


@dataclass(frozen=True)
class Sum:
    """The two sides of an equation, its numbers with points only before decimals."""

    left: str
    right: str


def find_slip(text: str) -> Span | None:
    """The first equation of a normalised text that is false and nowhere put right."""
    equations = list(read_equations(text))
    right = {equation.left for equation in equations if equation.true}
    return next((equation.span for equation in equations if not equation.true and equation.left not in right), None)


def find_misplaced_letter(text: str, operands: tuple[str, str]) -> Span | None:
    """Where the text gives one of the hint's letters a wrong place in the alphabet (A = 0)."""
    for operand in operands:
        if operand.isdigit():
            continue
        stated = rf"(?<![\p{{L}}\p{{N}}]){operand}(?:\s*[=:→]\s*|\s*->\s*|\s?\(\s*)(?P<place>\d{{1,2}})(?![\d.,]?\d)"
        found = list(regex.finditer(stated, text))
        place = ord(operand) - ord("A")
        # As numbers: a text may have the digits of any script.
        if found and all(int(match.group("place")) != place for match in found):
            return found[0].start(), found[0].end()
    return None


def find_misread_remainder(text: str) -> Span | None:
    """Where the text turns a remainder into another letter than A = 0, B = 1, C = 2, D = 3."""
    for match in regex.finditer(r"(?:mod|%)\s*(\d)\s*=\s*(\d)\s*(?:→|->|=>|⇒|=)\s*([A-D])(?!\p{L})", text):
        by, remainder = int(match.group(1)), int(match.group(2))
        if by == len(LETTERS) and remainder < by and LETTERS[remainder] != match.group(3):
            return match.start(), match.end()
    return None


def read_equations(text: str) -> Iterator[Equation]:
    """Every equation of plain numbers that stands by itself."""
    for match in MODULO.finditer(text):
        by = int(match.group("by"))
        values = _evaluate(_ungroup(GROUPED_TWICE, match.group("sum")))
        true = by > 0 and any(value % by == int(match.group("right")) for value in values)
        yield Equation(_plain(match.group("sum") + "mod" + match.group("by")), match.span(), true)
    for match in CHAIN.finditer(text):
        worked = [(value, stated) for stated in _read_sums(match) for value in _evaluate(stated.left)]
        if not worked:
            continue
        after = text[match.end() : match.end() + 2 * REMAINDER_NEAR]
        true = any(_agrees(value, stated.right) or _leaves(value, stated, after) for value, stated in worked)
        yield Equation(_plain(match.group("left")), match.span(), true)


def _read_sums(match: regex.Match[str]) -> list[Sum]:
    """The sum by each reading of its points."""
    left, right = match.group("left"), match.group("right").lstrip(MINUS)
    plain = Sum(_ungroup(GROUPED_TWICE, left), _ungroup(GROUPED_TWICE, right))
    return list(dict.fromkeys([plain, Sum(_ungroup(GROUPED, left), _ungroup(GROUPED, right))]))


def _ungroup(grouped: regex.Pattern[str], expression: str) -> str:
    return str(grouped.sub(lambda match: match.group().replace(".", ""), expression))


def _agrees(value: Fraction, stated: str) -> bool:
    """Equal, but for a sign that a difference may lack, and for decimals rounded or cut off."""
    places = len(stated.partition(".")[2])
    beyond = abs(value) - Fraction(stated)
    if value.denominator == 1:
        return beyond == 0
    unit = Fraction(1, 10**places)
    return abs(beyond) <= unit / 2 or (places > 0 and 0 <= beyond < unit)


def _leaves(value: Fraction, stated: Sum, after: str) -> bool:
    """Whether the text divides with a remainder: the quotient is stated, and soon after it what is left."""
    *_, operator, divisor = (match.group() for match in TOKEN.finditer(stated.left))
    if operator not in OVER or value < 0 or int(value) != Fraction(stated.right):
        return False
    left_over = value - int(value)
    for match in AFTER_QUOTIENT.finditer(after):
        if match.start() >= REMAINDER_NEAR:
            return False
        # "1 1/2" gives it as a part of the divisor, "8 remainder 3" as it is.
        over, under, number = match.group("over", "under", "number")
        if number and Fraction(number) == left_over * Fraction(divisor):
            return True
        if under and int(under) and Fraction(int(over), int(under)) == left_over:
            return True
    return False


def _evaluate(expression: str) -> list[Fraction]:
    """The value by the usual precedence, and read from left to right, as people also write it; [] if undefined."""
    tokens = [match.group() for match in TOKEN.finditer(expression)]
    numbers, operators = [Fraction(token) for token in tokens[::2]], [token.lower() for token in tokens[1::2]]
    try:
        return list(dict.fromkeys([_by_precedence(numbers, operators), _in_order(numbers, operators)]))
    except ZeroDivisionError:
        return []


def _in_order(numbers: list[Fraction], operators: list[str]) -> Fraction:
    value = numbers[0]
    for operator, number in zip(operators, numbers[1:], strict=True):
        value = _operation(operator)(value, number)
    return value


def _by_precedence(numbers: list[Fraction], operators: list[str]) -> Fraction:
    terms, signs = [numbers[0]], []
    for operator, number in zip(operators, numbers[1:], strict=True):
        if operator == "+" or operator in MINUS:
            signs.append(operator)
            terms.append(number)
        else:
            terms[-1] = _operation(operator)(terms[-1], number)
    return _in_order(terms, signs)


def _operation(operator: str) -> Callable[[Fraction, Fraction], Fraction]:
    if operator == "+":
        return lambda a, b: a + b
    if operator in MINUS:
        return lambda a, b: a - b
    if operator in TIMES:
        return lambda a, b: a * b
    return (lambda a, b: a / b) if operator in OVER else (lambda a, b: a % b)


def _plain(expression: str) -> str:
    return "".join(expression.split()).lower()
