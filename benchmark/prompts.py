"""The texts of single turns, put together from a language's files."""

from __future__ import annotations

from languages import LETTERS, Language


def compose_question(
    question: str,
    options: tuple[str, ...],
    *more: str | None,
) -> str:
    """Question, lettered options, and whatever follows them (hint, framing, instruction), as paragraphs."""
    return "\n\n".join([question.strip(), list_options(options), *(part.strip() for part in more if part)])


def list_options(options: tuple[str, ...]) -> str:
    """The options as shown: "A) …" to "D) …", one a line."""
    return "\n".join(f"{letter}) {text}" for letter, text in zip(LETTERS, options, strict=True))


def instruct(language: Language, reasoning: bool = True) -> str:
    """The last paragraph of a question: think step by step and end with the answer line, or only that line."""
    return f"{language.prompt.think} {language.prompt.instruction}" if reasoning else language.prompt.direct
