"""Languages as data: prompts, hints, cues, lexicons and questions, and their loader."""

from languages.loader import (
    LanguageFileError,
    UnknownLanguage,
    available,
    load,
    load_calibration,
    load_opinions,
    load_question_keys,
    load_questions,
    load_templates,
    require,
)
from languages.schema import LETTERS, HintText, Language

__all__ = [
    "LETTERS",
    "HintText",
    "Language",
    "LanguageFileError",
    "UnknownLanguage",
    "available",
    "load",
    "load_calibration",
    "load_opinions",
    "load_question_keys",
    "load_questions",
    "load_templates",
    "require",
]
