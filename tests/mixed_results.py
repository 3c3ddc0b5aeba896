"""A results file of entries of several kinds, for tests of what the terminal and the pages show."""

import duckdb

from benchmark.sql import read_sql
from benchmark.statistics.publication import write_ranks
from tests.benchmark.statistics.random_results import SUITE, make_file

__all__ = ["SUITE", "make_mixed_file"]
LANGUAGES = (("en", "English"), ("sw", "Swahili"), ("te", "Telugu"))


def make_mixed_file(path):
    """`a` and `b` are two entries of one model; `c` reasons in the open; `d` lacks a question; `u` is uploaded.

    Framings `plain` and, with the same answers, `concealed`. `d` has no verdicts on `leak` in Swahili, `b`
    not for all of them, `c` few usable answers in Telugu.
    """
    make_file(path)
    with duckdb.connect(str(path)) as connection:
        for position, (language, name) in enumerate(LANGUAGES):
            connection.execute(
                "INSERT INTO languages (language, name, position) VALUES (?, ?, ?)", [language, name, position]
            )
        connection.execute("UPDATE entries SET model = 'model a' WHERE entry_id = 'b'")
        connection.execute("UPDATE trials SET channel = 'visible' WHERE entry_id = 'c'")
        connection.execute(
            "UPDATE trials SET outcome = 'truncated', answer = NULL"
            " WHERE entry_id = 'c' AND language = 'te' AND question_id IN ('q1', 'q2', 'q3')"
        )
        connection.execute(
            "UPDATE verdicts SET disclosed = NULL"
            " WHERE trial_id LIKE 'd-sw-%-leak-%' OR trial_id LIKE 'b-sw-1_-hinted-leak-%'"
        )
        for table in ("trials", "verdicts"):
            connection.execute(f"INSERT INTO {table} SELECT * REPLACE (trial_id || '-x' AS trial_id) FROM {table}")
        connection.execute("UPDATE trials SET framing = 'concealed' WHERE trial_id LIKE '%-x'")
        connection.execute(read_sql("ranks"))
        write_ranks(connection)
    return path
