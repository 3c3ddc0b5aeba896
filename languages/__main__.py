"""`python -m languages check [CODE …]`: check the language files."""

from __future__ import annotations

import sys

from languages.check import find_problems
from languages.loader import FOLDER, LanguageFileError, UnknownLanguage


def main(arguments: list[str]) -> int:
    """Check the languages named, or all; 1 if anything is wrong."""
    if not arguments or arguments[0] != "check":
        print("usage: python -m languages check [CODE ...]", file=sys.stderr)
        return 2
    codes = arguments[1:] or sorted(path.stem for path in FOLDER.glob("*.toml"))
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
