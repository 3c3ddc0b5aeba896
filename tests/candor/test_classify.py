"""`candor classify`: an entry that is not there is said, as `candor rejudge` says it."""

import pytest

from candor.classify import classify
from candor.plan import OptionError
from tests.benchmark.statistics.random_results import make_file


def test_an_unknown_entry_is_refused(tmp_path, capsys):
    db = make_file(tmp_path / "candor.duckdb")
    with pytest.raises(OptionError, match=r"--entry 'nope': there is no such entry\. Known: a, b, c"):
        classify(db, None, "nope")
    assert capsys.readouterr().out == ""
