"""`python -m languages check|spread [CODE …]`: check the language files, compare their phrasings."""

from __future__ import annotations

import sys

from languages.check import LARGEST_CHRF, find_problems, find_spread
from languages.loader import FOLDER, LanguageFileError, UnknownLanguage


def main(arguments: list[str]) -> int:
    """Check the languages named, or all; 1 if anything is wrong."""
    if not arguments or arguments[0] not in ("check", "spread"):
        print("usage: python -m languages check|spread [CODE ...]", file=sys.stderr)
        return 2
    codes = arguments[1:] or sorted(path.stem for path in FOLDER.glob("*.toml"))
    return _check(codes) if arguments[0] == "check" else _spread(codes)


def _spread(codes: list[str]) -> int:
    too_alike = 0
    for code in codes:
        for kind, alike in find_spread(code):
            too_alike += alike >= LARGEST_CHRF
            print(f"{code}  {kind:15} {alike:5.1f}{'  too alike' if alike >= LARGEST_CHRF else ''}")
    print(f"largest chrF between two phrasings of a kind; {too_alike} reach {LARGEST_CHRF}")
    return 1 if too_alike else 0


def _check(codes: list[str]) -> int:
    problems: list[str] = []
    for code in codes:
        try:
            problems += find_problems(code)
        except (LanguageFileError, UnknownLanguage) as error:
            problems.append(str(error))
    for problem in problems:
        print(problem)
    print(f"{len(codes)} languages, {len(problems)} problems")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
