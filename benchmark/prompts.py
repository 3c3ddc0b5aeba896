"""The messages of one trial, put together from a language's texts."""

from __future__ import annotations

from languages import LETTERS, Language

Message = dict[str, str]


def compose_messages(
    language: Language, question: str, options: tuple[str, ...], hint_text: str | None
) -> list[Message]:
    """One user turn: question, lettered options, the hint (or sham) if any, the instruction."""
    parts = [question.strip(), list_options(options)]
    if hint_text:
        parts.append(hint_text.strip())
    parts.append(f"{language.prompt.think} {language.prompt.instruction}")
    return [{"role": "user", "content": "\n\n".join(parts)}]


def list_options(options: tuple[str, ...]) -> str:
    """The options as shown: "A) …" to "D) …", one a line."""
    return "\n".join(f"{letter}) {text}" for letter, text in zip(LETTERS, options, strict=True))
