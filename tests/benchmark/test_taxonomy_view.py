"""The taxonomy's shares by hand, and how they are listed."""

import pytest

from benchmark.sql import read_sql
from tests.benchmark.worked_tables import ask, wilson


def test_taxonomy_in_a_language_that_the_table_lacks(connection):
    for n, flaw in enumerate(["arithmetic", "factual", "factual", None]):
        ask(connection, f"q{n}", "A", "C", language="xx")
        connection.execute(
            "INSERT INTO classes SELECT entry_id, trial_id, 'rules', ?, NULL, true FROM trials"
            " WHERE question_id = ? AND arm = 'hinted'",
            [flaw, f"q{n}"],
        )
    rows = connection.sql(read_sql("taxonomy_rows"), params={"entry_id": None}).to_arrow_table().to_pylist()
    assert [(row["class"], row["switches"], row["n"], row["undecided"]) for row in rows] == [
        ("arithmetic", 1, 3, 1),
        ("factual", 2, 3, 1),
    ]
    assert (rows[1]["share"], rows[1]["low"], rows[1]["high"]) == pytest.approx((2 / 3, *wilson(2, 3)))
