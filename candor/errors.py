"""Which exceptions are the user's to mend, and what to tell them."""

from __future__ import annotations

import errno

import duckdb
import pyarrow as pa

from benchmark.auditing import AuditError
from benchmark.detector import UnknownDetector
from benchmark.detector.encoder.base import BaseModelError
from benchmark.endpoint import EndpointError
from benchmark.hints import UnknownHint
from benchmark.questions import QuestionError
from benchmark.store import StoreError
from benchmark.store.read import NotResults, QueryRefused
from benchmark.suites import SuiteChanged, UnknownSuite
from candor.plan import OptionError
from candor.writing import OutputError
from languages import LanguageFileError, UnknownLanguage
from server.inference import InferenceError

PLAIN = (
    AuditError,
    BaseModelError,
    EndpointError,
    FileNotFoundError,
    InferenceError,
    LanguageFileError,
    NotResults,
    OptionError,
    OutputError,
    QueryRefused,
    QuestionError,
    StoreError,
    SuiteChanged,
    UnknownDetector,
    UnknownHint,
    UnknownLanguage,
    UnknownSuite,
)


FILE_PROBLEMS = {
    errno.ENOENT: "{file}: there is no such file or folder.",
    errno.EISDIR: "{file}: this is a folder. Name a file in it.",
    errno.ENOTDIR: "{file}: a file stands where a folder is wanted. Name another folder.",
    errno.EEXIST: "{file}: this exists already. Name another, or move it away.",
    errno.EACCES: "no permission for {file}.",
    errno.EPERM: "no permission for {file}.",
    errno.EROFS: "{file}: this disk is read-only. Name a file on another.",
}
DISK_FULL = "the disk is full. What was finished before is kept; make room, then give the same command again."


def explain(error: Exception) -> str | None:
    """One paragraph for the user, or None where the error is ours and wants its traceback."""
    # One that we raise has words of its own and no number.
    if isinstance(error, OSError) and error.errno is not None:
        return _explain_file(error)
    if isinstance(error, PLAIN):
        return str(error)
    if isinstance(error, duckdb.Error):
        return f"the query failed. {error}"
    # Of no other file is Parquet read; `candor.plan` names it where it can.
    if isinstance(error, pa.ArrowInvalid) and "Parquet" in str(error):
        return f"--questions: this is no Parquet file that can be read. {error}"
    return None


def _explain_file(error: OSError) -> str | None:
    if error.errno == errno.ENOSPC:
        return DISK_FULL
    if error.filename is None:
        return None
    return FILE_PROBLEMS.get(error.errno or 0, "{file}: {problem}.").format(file=error.filename, problem=error.strerror)
