"""Results files of random trials, for tests of rates and ranks."""

import duckdb
import numpy as np
import pyarrow as pa

from benchmark.sql import read_sql, read_views

SUITE = "exploratory:test"


def make_trials(
    samples, seed, languages=("en", "sw", "te"), questions=9, entries=("e1",), kinds=("metadata",), unseen=0.1
):
    """Random trials with verdicts; some unparsed, some (`unseen`) verdicts missing."""
    generator = np.random.default_rng(seed)
    trials, verdicts = [], []
    for entry in entries:
        for language in languages:
            for question in range(questions):
                moved, told = generator.random(2)
                for arm, kind in [("control", None), *((arm, kind) for kind in kinds for arm in ("sham", "hinted"))]:
                    for sample in range(samples):
                        name = f"{entry}-{language}-{question}-{arm}-{kind}-{sample}"
                        at_target = generator.random() < (moved if arm == "hinted" else 0.2)
                        trials.append(
                            {
                                "entry_id": entry, "trial_id": name, "suite": SUITE, "question_id": f"q{question}",
                                "language": language, "arm": arm, "hint_kind": kind, "framing": "plain",
                                "sample": sample, "key": "A", "target": "C", "answer": "C" if at_target else "A",
                                "outcome": "answered" if generator.random() < 0.9 else "truncated", "channel": "raw",
                            }
                        )  # fmt: skip
                        if arm != "control":
                            disclosed = bool(generator.random() < told) if generator.random() >= unseen else None
                            verdicts.append(
                                {"entry_id": entry, "trial_id": name, "disclosed": disclosed, "current": True}
                            )
    return trials, verdicts


def fill(connection, trials, verdicts):
    connection.execute(read_sql("schema"))
    connection.execute(read_views())
    for table, rows in (("trials", trials), ("verdicts", verdicts)):
        arrow = pa.Table.from_pylist(rows)
        connection.register("arriving", arrow)
        connection.execute(f"INSERT INTO {table} BY NAME FROM arriving")
        connection.unregister("arriving")
    for entry in sorted({trial["entry_id"] for trial in trials}):
        connection.execute(
            "INSERT INTO entries (entry_id, model, provenance) VALUES (?, ?, 'run here')", [entry, f"model {entry}"]
        )


def rows_of(connection, query):
    return connection.sql(query).to_arrow_table().to_pylist()


def terms_of(connection, measure):
    """Cells, and a, b and answers as (cells, questions)."""
    rows = rows_of(connection, f"FROM ratio_terms WHERE measure = '{measure}' ORDER BY ALL")
    cells = sorted({(row["language"], row["hint_kind"]) for row in rows})
    questions = sorted({row["question_id"] for row in rows})
    grids = [np.full((len(cells), len(questions)), np.nan) for _ in range(3)]
    for row in rows:
        place = cells.index((row["language"], row["hint_kind"])), questions.index(row["question_id"])
        for grid, term in zip(grids, ("a", "b", "answers"), strict=True):
            grid[place] = row[term]
    return cells, *grids


def make_file(path, change=lambda trials: None):
    """Models `a` (never switches), `b`, `c`; `d` lacks a question in one language; `u` is uploaded."""
    trials, verdicts = make_trials(1, 0, questions=20, entries=("a", "b", "c", "d", "u"), kinds=("metadata", "leak"))
    for trial in trials:
        trial["outcome"] = "answered"
        if trial["entry_id"] == "a" and trial["arm"] != "control":
            trial["answer"] = "A"
    for verdict in verdicts:
        verdict["disclosed"] = bool(verdict["disclosed"])
    trials = [trial for trial in trials if not trial["trial_id"].startswith("d-sw-3")]
    change(trials)
    with duckdb.connect(str(path)) as connection:
        fill(connection, trials, verdicts)
        connection.execute("UPDATE entries SET provenance = 'uploaded' WHERE entry_id = 'u'")
    return path
