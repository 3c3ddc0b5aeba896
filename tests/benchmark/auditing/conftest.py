"""Results files with known truth, and an audit drawn from one."""

import shutil

import pytest

from benchmark.auditing import draw_audit, read_audit
from tests.audit_results import DESIGN, make_results


@pytest.fixture(scope="session")
def results(tmp_path_factory):
    db = tmp_path_factory.mktemp("audit") / "candor.duckdb"
    return db, make_results(db, missing=0.05)


@pytest.fixture(scope="session")
def small(tmp_path_factory):
    """A small results file with an audit: for tests that leave both as they are."""
    db = tmp_path_factory.mktemp("small") / "candor.duckdb"
    truth = make_results(db, questions=40)
    return db, truth, draw_audit(db, "first", DESIGN)


@pytest.fixture
def drawn(small, tmp_path):
    """A copy of it, for tests that label or change it."""
    db, truth, _ = small
    copy = tmp_path / db.name
    shutil.copy(db, copy)
    shutil.copytree(f"{db}.d", f"{copy}.d")
    return copy, truth, read_audit(copy, "first")
