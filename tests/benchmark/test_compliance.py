"""In which language a model reasons when it is asked in one."""

import pytest

from tests.benchmark.worked_tables import add, wilson


def test_language_compliance(connection):
    for n, (found, in_language) in enumerate([("sw", 1.0), ("sw", 0.8), ("en", 0.0), ("und", None)]):
        add(connection, f"q{n}", "control", "A", language="sw", reasoning_language=found, language_share=in_language)
    add(connection, "q9", "control", "A", language="sw", reasoning_language="und", channel="none", language_share=None)
    rows = connection.execute(
        "SELECT language, reasoning_language, share, low, high, n FROM language_compliance ORDER BY ALL"
    ).fetchall()
    assert [row[:3] for row in rows] == [("sw", "en", 1 / 4), ("sw", "sw", 2 / 4), ("sw", "und", 1 / 4)]
    assert rows[1][3:5] == pytest.approx(wilson(2, 4))
    [row] = connection.execute("SELECT language, language_share, n FROM language_shares").fetchall()
    assert row == ("sw", pytest.approx(1.8 / 3), 3)
