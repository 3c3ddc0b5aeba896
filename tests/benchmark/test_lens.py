"""The logit lens on the committed calibration model: readings against transformers' own hidden states."""

import asyncio
import json
import re

import duckdb
import pytest
from rich.console import Console

from benchmark.lens import LensError, load_model, read_layers
from benchmark.lens.layers import check_model, open_model
from benchmark.lens.reading import cut_in_process
from benchmark.probing import CUTS, Sample, list_trials, read_entries, replay
from benchmark.sql import read_sql, read_views
from benchmark.store import query
from candor.lens import lens, print_layers
from candor.models import CALIBRATION_FOLDER
from candor.plan import OptionError, RunOptions
from candor.probe import ReplayOptions
from candor.run import ServerOptions, run
from languages import load
from tests.benchmark.worked_tables import score_limits

QUIET = Console(quiet=True)
LAYERS = 6
REPLIES = {
    "en": "I look at all the options once more, step by step, and choose.\nAnswer: B",
    "ja": "選択肢をもう一度ひとつずつ見て、それから決めます。\n答え：B",
}
BENGALI = "এই প্রশ্নের উত্তর খুঁজতে গিয়ে আমি ক্ষমতার হিসাব করি।"


@pytest.fixture(scope="module")
def opened():
    return load_model(str(CALIBRATION_FOLDER))


def test_every_layer_is_read_as_transformers_keeps_it(opened):
    import torch

    ids = opened.tokenizer("<|user|>Which? A) 1 B) 2<|end|><|assistant|><|open|>Answer: ")["input_ids"]
    wanted = [opened.tokenizer(letter)["input_ids"][-1] for letter in "ABCD"]
    seen = read_layers(opened, ids, wanted)
    with torch.no_grad():
        own = opened.model(torch.tensor([ids]), output_hidden_states=True)
    assert len(seen) == len(own.hidden_states) == LAYERS + 1
    for layer, hidden in enumerate(own.hidden_states):
        # transformers keeps the last one with the norm already applied.
        normed = hidden[0, -1] if layer == LAYERS else opened.model.model.norm(hidden[0, -1])
        expected = torch.softmax(opened.model.lm_head(normed), dim=-1)[wanted]
        assert seen[layer] == pytest.approx(expected.tolist(), rel=1e-4, abs=1e-7)
    assert seen[-1] == pytest.approx(torch.softmax(own.logits[0, -1], dim=-1)[wanted].tolist(), rel=1e-4, abs=1e-7)
    hooks = [len(layer._forward_hooks) for layer in opened.layers]
    assert read_layers(opened, ids, wanted) == seen
    assert [len(layer._forward_hooks) for layer in opened.layers] == hooks


def test_another_unembedding_is_noticed(opened, monkeypatch):
    head = opened.model.lm_head
    monkeypatch.setattr(head, "forward", lambda hidden: type(head).forward(head, hidden))
    check_model(opened)
    own = type(opened.model).forward

    def scaled(model, *args, **kwargs):
        output = own(model, *args, **kwargs)
        output.logits = output.logits * 5
        return output

    monkeypatch.setattr(type(opened.model), "forward", scaled)
    with pytest.raises(LensError, match="of its own"):
        check_model(opened)


def test_a_model_built_otherwise_is_refused(opened, monkeypatch):
    monkeypatch.setattr(opened.model.config, "num_hidden_layers", 7)
    with pytest.raises(LensError, match="somewhere unknown"):
        open_model(opened.model, opened.tokenizer)


def test_cuts_are_prefixes_in_whole_letters(opened):
    prefixes = cut_in_process(opened.tokenizer, BENGALI)
    assert all(BENGALI.startswith(prefix.text) for prefix in prefixes)
    assert (prefixes[0].text, prefixes[-1].text) == ("", BENGALI)
    assert prefixes[-1].length == len(opened.tokenizer(BENGALI, add_special_tokens=False)["input_ids"])


@pytest.fixture
def stored(fake_server, db):
    """Trials of the persona `open`, with reasonings written by a fake."""
    fake_server.model = "calibration"
    options = RunOptions(tuple(REPLIES), ("metadata",), limit=2)
    fake_server.reply = lambda messages: {
        "content": next(text for code, text in REPLIES.items() if load(code).prompt.think in messages[-1]["content"])
    }
    run("calibration:open", options, ServerOptions(fake_server.url), db, QUIET)
    return db


def check_rows(opened, stored, rows):
    """The last layer's rows of one trial against the model's own probabilities after the text that was to be shown."""
    import torch

    entry = read_entries(stored)[0]
    one = next(list_trials(stored, entry["entry_id"], Sample()))[0]
    prompt = opened.tokenizer.apply_chat_template(
        asyncio.run(replay(one)), tokenize=False, add_generation_prompt=True, **entry["chat_template_kwargs"]
    )
    cue = load(one.trial.language).prompt.final.partition("{letter}")[0]
    own = {row["cut"]: row for row in rows if row["trial_id"] == one.trial.trial_id and row["layer"] == LAYERS}
    assert set(own) == set(CUTS)
    for prefix in cut_in_process(opened.tokenizer, one.reasoning):
        shown = prefix.text.rstrip()
        text = f"{prompt}{shown}\n{cue}" if shown else f"{prompt}{cue}"
        ids = opened.tokenizer(text, add_special_tokens=False)["input_ids"]
        with torch.no_grad():
            logits = opened.model(torch.tensor([ids])).logits[0, -1]
        letters = [opened.tokenizer(letter, add_special_tokens=False)["input_ids"][-1] for letter in "ABCD"]
        expected = torch.softmax(logits, dim=-1)[letters].tolist()
        assert [own[prefix.cut][f"p_{letter}"] for letter in "abcd"] == pytest.approx(expected, rel=1e-3, abs=1e-6)


def test_stored_trials_are_read_once_and_plotted(opened, stored, tmp_path, capsys):
    page = tmp_path / "lens.html"
    lens("calibration:open", ReplayOptions(), stored, page)
    rows = query(stored, "FROM lens").to_pylist()
    trials = query(stored, "SELECT count(*) AS n FROM trials WHERE arm <> 'control'").to_pylist()[0]["n"]
    assert len(rows) == trials * (LAYERS + 1) * len(CUTS)
    assert {row["layer"] for row in rows} == set(range(LAYERS + 1))
    check_rows(opened, stored, rows)
    # After its answer line the last layer has nothing but letters in mind.
    assert all(sum(row[f"p_{letter}"] for letter in "abcd") > 0.9 for row in rows if row["layer"] == LAYERS)
    spec = json.loads(re.search(r"var spec = (\{.*\});\n", page.read_text(encoding="utf-8")).group(1))
    [drawn] = spec["datasets"].values()
    assert {row["layer"] for row in drawn} == set(range(LAYERS + 1))
    lens("calibration:open", ReplayOptions(), stored)
    assert query(stored, "FROM lens").num_rows == len(rows)
    assert "0 trials read" in capsys.readouterr().err


def test_the_persona_that_follows_the_hint_is_seen_to(stored):
    lens("calibration:open", ReplayOptions(), stored, console=QUIET)
    last = query(
        stored,
        f"SELECT arm, avg(target_share) AS share FROM lens_layers WHERE layer = {LAYERS} AND cut = 0 GROUP BY arm",
    ).to_pylist()
    shares = {row["arm"]: row["share"] for row in last}
    assert shares["hinted"] > shares["sham"] + 0.3


def test_a_model_without_trials_or_layers_is_an_option_error(stored, tmp_path):
    with pytest.raises(OptionError, match="MODEL calibration:covert"):
        lens("calibration:covert", ReplayOptions(), stored, console=QUIET)
    empty = tmp_path / "empty"
    empty.mkdir()
    (empty / "config.json").write_text("{}")
    entry = query(stored, "SELECT entry_id FROM entries").to_pylist()[0]["entry_id"]
    with pytest.raises(OptionError, match="cannot be loaded"):
        lens(str(empty), ReplayOptions(entry=entry), stored, console=QUIET)


def open_empty():
    connection = duckdb.connect()
    connection.execute(read_sql("schema"))
    connection.execute(read_views())
    connection.execute("INSERT INTO entries (entry_id, model) VALUES ('e', 'model')")
    return connection


def add_reading(connection, question, shares):
    """One trial, key A and target C, read at one layer and cut."""
    connection.execute(
        "INSERT INTO trials (entry_id, trial_id, suite, question_id, language, arm, hint_kind, framing, key,"
        " target) VALUES ('e', ?, 's', ?, 'en', 'hinted', 'metadata', 'plain', 'A', 'C')",
        [question, question],
    )
    connection.execute("INSERT INTO lens VALUES ('e', ?, 6, 50, ?, ?, ?, ?)", [question, *shares])


def test_means_by_hand():
    connection = open_empty()
    for question, shares in (("q1", (0.1, 0.0, 0.3, 0.0)), ("q2", (0.1, 0.1, 0.1, 0.1)), ("q3", (0, 0, 0, 0))):
        add_reading(connection, question, shares)
    [row] = connection.sql("FROM lens_layers").to_arrow_table().to_pylist()
    # q3 has no letter in mind at all: a probability of 0, but no share of nothing.
    assert (row["trials"], row["n"], row["questions"]) == (3, 2, 2)
    assert row["mean_target"] == pytest.approx((0.3 + 0.1 + 0) / 3)
    assert row["mean_key"] == pytest.approx((0.1 + 0.1 + 0) / 3)
    assert row["target_share"] == pytest.approx((0.75 + 0.25) / 2)
    assert row["key_share"] == pytest.approx((0.25 + 0.25) / 2)
    # Clustered variance 2/1 · 2 · 0.25² / 2², so n = 1/4 / (1/16).
    assert (row["low"], row["high"]) == pytest.approx(score_limits(1 / 2, 4))


def test_layers_are_shown_by_suite_and_entry(capsys):
    first = {"suite": "s", "entry_id": "e", "model": "model", "framing": "plain", "hint_kind": "metadata",
             "arm": "hinted", "layer": 6, "cut": 0, "target_share": 0.25, "trials": 7}  # fmt: skip
    rows = [
        first,
        first | {"target_share": 0.75},  # another language
        first | {"target_share": None},  # a third, where no letter has any probability
        first | {"suite": "t", "target_share": 0.1},
        first | {"entry_id": "f", "target_share": 0.2, "cut": 100},
    ]
    print_layers(rows)
    shown = capsys.readouterr().out
    lines = [[cell.strip() for cell in line.split("│")[4:-1]] for line in shown.splitlines() if "hinted" in line]
    assert lines == [
        ["50", "–", "–", "–", "0"],
        ["10", "–", "–", "–", "0"],
        ["–", "–", "–", "20", "7"],
    ]
    assert all(f"model · {suite} · entry {entry}" in shown for suite, entry in ("se", "te", "sf"))


def test_a_language_that_the_table_lacks_is_shown():
    connection = open_empty()
    add_reading(connection, "q1", (0.1, 0.0, 0.3, 0.0))
    rows = connection.sql(read_sql("lens_rows"), params={"entry_ids": ["e"]}).to_arrow_table().to_pylist()
    assert [row["language"] for row in rows] == ["en"]
