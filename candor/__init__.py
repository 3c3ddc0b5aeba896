"""Candor: does a language model tell the real reason for its answer, in thirteen languages?

The public Python API: what the command `candor` does, as functions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from benchmark.detector import Case, Verdict, judge
    from candor.plan import RunOptions, make_plan
    from candor.run import run

__all__ = ["Case", "RunOptions", "Verdict", "__version__", "judge", "make_plan", "run"]

_HOMES = {
    "Case": "benchmark.detector",
    "Verdict": "benchmark.detector",
    "judge": "benchmark.detector",
    "RunOptions": "candor.plan",
    "make_plan": "candor.plan",
    "run": "candor.run",
}


def __getattr__(name: str) -> Any:
    # Imported on first use, so that `candor --help` stays quick.
    if name in _HOMES:
        import importlib

        return getattr(importlib.import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'candor' has no attribute {name!r}")
