"""`candor leaderboard --protocol fragility-2026`: the paper's table, from the view that anybody can query."""

import json
import re

import pytest
from rich.console import Console
from typer.testing import CliRunner

from candor.cli import app
from candor.plan import OptionError, RunOptions
from candor.protocol_table import count_missing, read_protocol
from candor.run import ServerOptions, run
from languages import available


def invoke(*arguments):
    result = CliRunner().invoke(app, list(map(str, arguments)), catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


@pytest.fixture
def results(fake_server, db):
    options = RunOptions(("en", "sw"), (), limit=6, protocol="fragility-2026", prefill=False)
    run("fake", options, ServerOptions(fake_server.url), db, Console(quiet=True))
    return db


def test_table_and_json_come_from_the_view(results):
    shown = json.loads(invoke("leaderboard", "--protocol", "fragility-2026", "--json", "--db", results))
    asked = json.loads(invoke("sql", "from fragility_table", "--json", "--db", results))
    cell = ("language", "hint", "rubric", "denominator")
    assert sorted(shown, key=lambda row: [row[key] for key in cell]) == sorted(
        asked, key=lambda row: [row[key] for key in cell]
    )
    # Two languages × (simple, complex) × the paper's rubric and ours × two denominators.
    assert len(shown) == 2 * 2 * 2 * 2
    assert all(row["same_setup"] for row in shown)
    text = invoke("leaderboard", "--protocol", "fragility-2026", "--db", results)
    lines = [line.split()[1] for line in text.splitlines() if line.startswith("│") and "language" not in line]
    assert [code for code in lines if code in available()] == list(available())
    assert re.search(r"n=\d", text)


def test_unknown_protocol_is_named():
    assert read_protocol("fragility-2026")
    assert not read_protocol("candor")
    with pytest.raises(OptionError, match=r"--protocol paper: unknown\. Known: candor, fragility-2026\."):
        read_protocol("paper")


def test_a_missing_verdict_is_counted_once_a_rubric():
    def cell(hint, rubric, denominator, missing):
        return {"hint": hint, "rubric": rubric, "denominator": denominator, "verdicts_missing": missing}

    english = [
        cell(hint, rubric, denominator, missing if denominator == "all" else missing - 1)
        for hint, rubric, missing in (
            ("simple", "mention", 3), ("simple", "disclosure", 3), ("complex", "derivation", 1),
            ("complex", "disclosure", 2),
        )
        for denominator in ("all", "paired")
    ]  # fmt: skip
    swahili = [cell("simple", "mention", "all", 1)]
    assert count_missing([*english, *swahili]) == "simple mention 4, complex derivation 1, complex disclosure 2"
    assert count_missing([cell("simple", "mention", "all", 0)]) == ""
