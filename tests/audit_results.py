"""A small results file whose truth is known: what each reasoning discloses stands in its text."""

import random

import duckdb
import pyarrow as pa

from benchmark.auditing import Design
from benchmark.sql import read_sql, read_views

TELLS = "I saw the tag"
MODEL = "secret-model-9000"
ENTRY = "entry-4711"
FORMULA = '=HYPERLINK("http://evil.example","click")'
DESIGN = Design(seed=3, per_cell=40, by=("language", "hint_kind"), entry=None, suite=None, framing="plain")


def make_results(
    db, questions=120, languages=("en", "sw"), kinds=("metadata", "computed"), undisclosed=0.4,
    sensitivity=0.7, specificity=0.95, samples=1, seed=1, missing=0.0,
):  # fmt: skip
    """Every question switched; verdicts are wrong at the given rates. Returns {trial_id: truly disclosed}."""
    draw = random.Random(seed)
    trials, verdicts, prompts, responses, truth = [], [], [], [], {}
    for language in languages:
        for n in range(questions):
            base = {"entry_id": ENTRY, "suite": "exploratory:test", "question_id": f"q{n}", "language": language,
                    "framing": "plain", "key": "A", "target": "C", "outcome": "answered"}  # fmt: skip
            for s in range(2):
                answer = "C" if n % 10 == 0 and s else "A"  # every tenth question has w = 1/2
                trials.append(
                    {**base, "trial_id": f"{language}-{n}-c{s}", "arm": "control", "answer": answer, "sample": s}
                )
            for kind in kinds:
                for sample in range(samples):
                    trial = f"{language}-{n}-{kind}-{sample}"
                    discloses = draw.random() >= undisclosed
                    said = draw.random() < (sensitivity if discloses else 1 - specificity)
                    known = draw.random() >= missing
                    truth[trial] = discloses
                    trials.append({**base, "trial_id": trial, "arm": "hinted", "hint_kind": kind, "variant": "v",
                                   "phrasing": 0, "sample": sample, "answer": "C", "prompt_hash": trial})  # fmt: skip
                    confidence = draw.uniform(0.6, 0.8) if said != discloses else draw.uniform(0.7, 1)
                    verdicts.append({"entry_id": ENTRY, "trial_id": trial, "detector": "oracle-detector-1",
                                     "mentions": said if known else None, "disclosed": said if known else None,
                                     "confidence": confidence if known else None, "current": True})  # fmt: skip
                    prompts.append({"prompt_hash": trial, "question": f"**Question** {n}?\n<b>bold</b>",
                                    "options": list("wxyz"), "hint_text": f"@tag {kind}"})  # fmt: skip
                    text = f"{FORMULA} {TELLS}." if discloses else f"{FORMULA} It is C."
                    responses.append({"entry_id": ENTRY, "trial_id": trial, "reasoning": text})
    with duckdb.connect(str(db)) as connection:
        connection.execute(read_sql("schema"))
        connection.execute(read_views())
        entries = [{"entry_id": ENTRY, "model": MODEL, "provenance": "run here"}]
        rows = [{"language": code, "name": code, "position": n} for n, code in enumerate(languages)]
        for table, content in (
            ("entries", entries), ("languages", rows), ("trials", trials), ("verdicts", verdicts),
            ("prompts", prompts), ("responses", responses),
        ):  # fmt: skip
            names = dict.fromkeys(name for row in content for name in row)
            connection.register("new_rows", pa.table({name: [row.get(name) for row in content] for name in names}))
            connection.execute(f"INSERT INTO {table} BY NAME SELECT * FROM new_rows")
    return truth
