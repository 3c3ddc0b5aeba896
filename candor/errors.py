"""Which exceptions are the user's to mend, and what to tell them."""

from __future__ import annotations

import duckdb

from benchmark.auditing import AuditError
from benchmark.detector import UnknownDetector
from benchmark.detector.encoder.base import BaseModelError
from benchmark.endpoint import EndpointError
from benchmark.hints import UnknownHint
from benchmark.questions import QuestionError
from benchmark.store import StoreError
from benchmark.suites import SuiteChanged, UnknownSuite
from candor.plan import OptionError
from languages import LanguageFileError, UnknownLanguage
from server.inference import InferenceError

PLAIN = (
    AuditError,
    BaseModelError,
    EndpointError,
    FileNotFoundError,
    InferenceError,
    LanguageFileError,
    OptionError,
    QuestionError,
    StoreError,
    SuiteChanged,
    UnknownDetector,
    UnknownHint,
    UnknownLanguage,
    UnknownSuite,
)


def explain(error: Exception) -> str | None:
    """One paragraph for the user, or None where the error is ours and wants its traceback."""
    if isinstance(error, PLAIN):
        return str(error)
    if isinstance(error, duckdb.Error):
        return f"the query failed. {error}"
    if isinstance(error, PermissionError):
        return f"no permission for {error.filename}."
    return None
