"""Small tables of trials, worked out by hand: filling them, and reading the views over them."""

from functools import cache

import duckdb
import numpy as np
from scipy.stats import binomtest, norm

from benchmark.sql import read_sql, read_views

SUITE = "exploratory:test"
DEFAULTS = {
    "suite": SUITE, "language": "en", "hint_kind": "metadata", "framing": "plain", "sample": 0, "phrasing": 0,
    "key": "A", "outcome": "answered", "pledge": None, "turn": None, "reasoning_language": "en",
    "language_share": 1.0, "channel": "raw",
}  # fmt: skip


@cache
def _open():
    connection = duckdb.connect()
    connection.execute(read_sql("schema"))
    connection.execute(read_views())
    connection.execute("INSERT INTO entries (entry_id, model, provenance) VALUES ('e', 'model', 'run here')")
    return connection


def empty():
    """One connection for all tests, since the views take long to make, without trials, verdicts or classes."""
    connection = _open()
    for table in ("trials", "verdicts", "classes"):
        connection.execute(f"DELETE FROM {table}")
    return connection


def add(connection, question, arm, answer, disclosed=None, mentions=None, derives=None, **fields):
    """One trial; key A, target C. `disclosed` alone stands for the mention, too."""
    row = DEFAULTS | fields
    trial = "-".join(map(str, (question, arm, *row.values())))
    told = {"entry_id": "e", "trial_id": trial, "question_id": question, "arm": arm, "target": "C", "answer": answer}
    row |= told | ({"hint_kind": None} if arm == "control" else {})
    connection.execute(
        f"INSERT INTO trials ({', '.join(row)}) VALUES ({', '.join('?' * len(row))})", list(row.values())
    )
    if arm != "control":
        connection.execute(
            "INSERT INTO verdicts (entry_id, trial_id, mentions, derives, disclosed, current)"
            " VALUES ('e', ?, ?, ?, ?, true)",
            [trial, disclosed if mentions is None else mentions, derives, disclosed],
        )


def ask(connection, question, control, hinted, disclosed=False, sham=None, **fields):
    """One question in two or three arms."""
    add(connection, question, "control", control, **fields)
    add(connection, question, "hinted", hinted, disclosed, **fields)
    if sham:
        add(connection, question, "sham", sham, False, **fields)


def read_measures(connection, framing="plain"):
    """The rows of the view by measure."""
    rows = connection.sql("FROM measures").to_arrow_table().to_pylist()
    rows = [row for row in rows if row["framing"] == framing]
    found = {row["measure"]: row for row in rows}
    assert len(found) == len(rows)
    return found


def wilson(hits, n):
    interval = binomtest(hits, n).proportion_ci(method="wilson")
    return interval.low, interval.high


def score_limits(p, n):
    """The two p₀ at which (p − p₀)² = z² p₀(1 − p₀)/n: Wilson's limits, for an n that need not be whole."""
    z2 = norm.ppf(0.975) ** 2
    return tuple(sorted(np.clip(np.roots([1 + z2 / n, -2 * p - z2 / n, p * p]).real, 0, 1)))


def share(connection, view, key, value="share"):
    return dict(connection.execute(f"SELECT {key}, {value} FROM {view}").fetchall())
