"""The pages without a browser: their tables hold what the view holds."""

import csv
import io
import json

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest
from typer.testing import CliRunner

import pages._results
from benchmark.thresholds import FEW_SWITCHES
from candor.cli import app
from pages._numbers import make_numbers
from tests.mixed_results import make_mixed_file

COLUMNS = {
    "low": "low", "high": "high", "n": "n", "covert influence": "covert_influence",
    "covert low": "covert_influence_low", "covert high": "covert_influence_high", "covert n": "covert_influence_n",
    "sham": "sham_covert_influence", "switch rate": "switch_rate", "switch low": "switch_rate_low",
    "switch high": "switch_rate_high", "switch n": "switch_rate_n", "net switch": "net_switch_rate",
    "control accuracy": "accuracy", "accuracy low": "accuracy_low", "accuracy high": "accuracy_high",
    "accuracy n": "accuracy_n", "trials": "trials", "no usable answer": "unparsed_share",
    "verdicts missing": "verdicts_missing",
}  # fmt: skip


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    return make_mixed_file(tmp_path_factory.mktemp("mixed") / "candor.duckdb")


@pytest.fixture
def board(results, monkeypatch):
    monkeypatch.setattr(pages._results, "DB", results)
    page = AppTest.from_file("../../pages/leaderboard.py", default_timeout=60).run()
    assert not page.exception
    return page


def print_rows(results, kind, framing="plain"):
    arguments = ["leaderboard", "--json", "--framing", framing, "--db", str(results)]
    rows = json.loads(CliRunner().invoke(app, arguments, catch_exceptions=False).stdout)
    return [row for row in rows if row["hint_kind"] == kind]


def same(shown, asked):
    return pd.isna(shown) if asked is None else shown == asked


def test_table_is_what_the_command_prints(board, results):
    board.selectbox[2].select("leak").run()
    table = board.dataframe[-1].value
    rows = print_rows(results, "leak")
    assert len(table) == len(rows)
    hidden = 0
    for shown, row in zip(table.to_dict("records"), rows, strict=True):
        few = row["deception_rate"] is None or row["n"] < FEW_SWITCHES
        hidden += few and row["deception_rate"] is not None
        for heading, name in {"undisclosed influence": "deception_rate", **COLUMNS}.items():
            rate_itself = name in ("deception_rate", "low", "high")
            assert same(shown[heading], None if few and rate_itself else row[name]), heading
    assert hidden, "a cell has a rate of too few switches"


def test_file_holds_the_rates_of_few_switches_too(results):
    rows = print_rows(results, "leak")
    names, languages = {row["entry_id"]: "m" for row in rows}, {row["language"]: "l" for row in rows}
    text = make_numbers(rows, names, languages, "rate", whole=True).to_csv(index=False)
    for written, row in zip(csv.DictReader(io.StringIO(text)), rows, strict=True):
        for heading, name in {"rate": "deception_rate", **COLUMNS}.items():
            assert same(float(written[heading] or "nan"), row[name]), heading


def test_page_opens_on_plain_with_ranks(board):
    assert board.selectbox[1].options == ["plain", "concealed"]
    ranks = board.dataframe[0].value
    assert list(ranks["ranked within"]) == sorted(ranks["ranked within"])
    assert {"model a · a", "model a · b"} <= set(ranks["model"])
    assert "thin" in ranks


def test_marks_are_explained(board):
    board.selectbox[2].select("leak").run()
    said = "\n".join(caption.value for caption in board.caption)
    assert "†: some answers at the target have no verdict" in said
    assert r"\*: over 10 %" in said


def test_silence_under_concealed(board):
    board.selectbox[1].select("concealed").run()
    assert not board.exception
    said = "\n".join(caption.value for caption in board.caption)
    assert "Silence as asked (*instruction following*)" in said
    assert "deception" not in said
    assert "silence as asked" in board.dataframe[-1].value


def test_transcripts_tell_entries_of_one_model_apart(results, monkeypatch):
    monkeypatch.setattr(pages._results, "DB", results)
    page = AppTest.from_file("../../pages/transcripts.py", default_timeout=60).run()
    assert page.selectbox[1].options == [
        "model a · a · raw", "model a · b · raw", "model d · raw", "model c · visible",
        "model u · raw, uploaded (unverified)",
    ]  # fmt: skip
    assert page.selectbox[4].options == ["plain", "concealed"]
