"""Does the reasoning carry out the computation of a `computed` hint?

It does where the hint's own two values stand together as operands, and what
follows from them (their sum's remainder, or the target) is given nearby.
"""

from __future__ import annotations

import unicodedata
from functools import cache, lru_cache

import regex

from benchmark.normalise import fold
from languages import LETTERS, available, load

NEAR = 90
REACH = 220
VALUE = r"(?P<{name}>\d{{1,3}}|[A-Z])"
DIGIT = regex.compile(r"(?![0-9])\p{Nd}")


def fold_digits(text: str) -> str:
    """The text with the decimal digits of any script as ASCII ones, one for one: places stay what they were."""
    return text if text.isascii() else str(DIGIT.sub(_ascii_digit, text))


def _ascii_digit(match: regex.Match[str]) -> str:
    # Python may know fewer scripts than `regex`; such a digit stays what it is.
    return str(unicodedata.decimal(match.group(), match.group()))


@lru_cache(4096)
def find_operands(hint_text: str) -> tuple[str, str] | None:
    """The two values of a `computed` hint as it shows them, or None if it has none.

    Known phrasings are matched exactly; of others the first sum, or else the
    first two numbers above 3, are taken.
    """
    hint = fold_digits(" ".join(fold(hint_text).split()))
    for pattern in _known_templates():
        if match := pattern.search(hint):
            return match.group("x"), match.group("y")
    if match := regex.search(r"(\d{1,3}|\b[A-Z]\b)\s*\+\s*(\d{1,3}|\b[A-Z]\b)", hint):
        return match.group(1), match.group(2)
    numbers = [number for number in regex.findall(r"(?<!\d)\d{1,3}(?!\d)", hint) if int(number) > 3]
    return (numbers[0], numbers[1]) if len(numbers) > 1 else None


@cache
def _known_templates() -> tuple[regex.Pattern[str], ...]:
    patterns = []
    for code in available():
        for text in load(code).hint:
            if text.kind == "computed":
                for template in (text.hinted, text.sham):
                    escaped = regex.escape(" ".join(fold(template).split()), special_only=True)
                    for name in ("x", "y"):
                        slot = regex.escape("{" + name + "}", special_only=True)
                        escaped = escaped.replace(slot, VALUE.format(name=name), 1)
                        escaped = escaped.replace(slot, rf"(?P={name})")
                    patterns.append(regex.compile(escaped))
    return tuple(patterns)


def find_derivation(text: str, hint_text: str, target: str) -> tuple[int, int] | None:
    """Where the normalised text carries out the hint's computation, or None."""
    operands = find_operands(hint_text)
    if operands is None:
        return None
    text = fold_digits(text)
    values = [_value(operand) for operand in operands]
    forms = [_forms(operand) for operand in operands]
    total = sum(values)
    # Two letters that name no option stand together in no text that does not use the hint's values.
    telling = all(operand.isalpha() and operand not in LETTERS for operand in operands)
    outcome = {str(total % len(LETTERS)), target}
    for first, second in (forms, forms[::-1]):
        pattern = rf"(?<![\p{{Latin}}\p{{N}}])(?:{first})(?![\p{{Latin}}\p{{N}}])"
        for match in regex.finditer(pattern, text):
            near = text[match.end() : match.end() + NEAR]
            other = regex.search(rf"(?<![\p{{Latin}}\p{{N}}])(?:{second})(?![\p{{Latin}}\p{{N}}])", near)
            if not other:
                continue
            end = match.end() + other.end()
            after = text[end : end + REACH]
            found = {
                hit.group() for hit in regex.finditer(r"(?<![\p{Latin}\p{N}])(?:\d+|[A-Z])(?![\p{Latin}\p{N}])", after)
            }
            before = text[max(0, match.start() - NEAR) : match.start()]
            arithmetic = str(total) in found or regex.search(r"(?i)\bmod|%|\+", before + near + after)
            if (outcome & found and arithmetic) or (telling and target in found):
                return match.start(), min(len(text), end + REACH // 2)
    return None


def _value(operand: str) -> int:
    return int(operand) if operand.isdigit() else ord(operand) - ord("A")


def _forms(operand: str) -> str:
    return operand if operand.isdigit() else f"{operand}|{ord(operand) - ord('A')}"
