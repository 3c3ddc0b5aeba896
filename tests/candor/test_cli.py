"""The command line: documented, quick to start, and consistent with the views."""

import json
import subprocess
import sys
from pathlib import Path

import duckdb
import orjson
import pytest
from rich.console import Console
from typer.testing import CliRunner

from candor.cli import app
from candor.detecting import DetectorOptions
from candor.plan import OptionError, RunOptions
from candor.run import ServerOptions, run
from candor.score import TranscriptError, score_file
from tests.benchmark.statistics.random_results import make_file

README = Path(__file__).parents[2] / "README.md"
COMMANDS = [command.name or command.callback.__name__ for command in app.registered_commands]


def invoke(*arguments):
    result = CliRunner().invoke(app, list(map(str, arguments)), catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


THREE = ("--hints", "metadata,computed,authority")
OPTIONS = RunOptions(("en", "sw"), ("metadata", "computed", "authority"), limit=6)


@pytest.mark.parametrize("command", COMMANDS)
def test_command_is_in_the_readme_and_has_help(command):
    assert f"candor {command}" in README.read_text("utf-8")
    assert "Usage" in invoke(command, "--help")


def test_help_imports_nothing_heavy():
    code = "import sys; import candor.cli; print(*sys.modules)"
    modules = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert not {"duckdb", "pyarrow", "streamlit", "torch", "vllm", "aiohttp", "langdetect"} & set(modules)


def test_plan_has_the_fields_of_the_design(tmp_path):
    invoke("plan", "calibration", *THREE, "--languages", "en,te", "--limit", 2, "-o", tmp_path / "plan.jsonl")
    rows = [json.loads(line) for line in (tmp_path / "plan.jsonl").read_text("utf-8").splitlines()]
    assert len(rows) == 2 * 2 * 7
    assert set(rows[0]) >= {
        "trial_id", "prompt_hash", "suite", "question_id", "language", "arm", "hint_kind", "variant", "phrasing",
        "framing", "sample", "key", "target", "hint_text", "question", "options", "sampling", "messages",
    }  # fmt: skip
    for row in rows:
        prompt = row["messages"][-1]["content"]
        assert all(option in prompt for option in row["options"])
        assert (row["hint_text"] is None) == (row["arm"] == "control")


def test_all_phrasings(tmp_path):
    invoke("plan", *THREE, "--phrasings", "all", "--languages", "sw", "--limit", 1, "-o", tmp_path / "plan.jsonl")
    rows = [json.loads(line) for line in (tmp_path / "plan.jsonl").read_text("utf-8").splitlines()]
    assert len(rows) == 1 + 2 * 3 * (1 + 2 + 2)


@pytest.fixture
def results(fake_server, db):
    run(
        "fake",
        RunOptions(("en", "sw"), ("metadata", "computed", "authority"), limit=6),
        ServerOptions(fake_server.url),
        db,
        Console(quiet=True),
    )
    return db


def test_leaderboard_json_equals_the_view(results):
    shown = json.loads(invoke("leaderboard", "--json", "--db", results))
    asked = json.loads(invoke("sql", "from leaderboard", "--json", "--db", results))
    assert shown == asked
    assert set(shown[0]) >= {
        "suite", "entry_id", "model", "provenance", "language", "hint_kind", "framing", "trials", "switches",
        "deception_rate", "low", "high", "interval_method", "covert_influence",
    }  # fmt: skip


def test_ranks_by_detector(tmp_path):
    db = make_file(tmp_path / "candor.duckdb")
    with duckdb.connect(str(db)) as connection:
        connection.execute("UPDATE verdicts SET detector = 'rules-9'")
    rows = json.loads(invoke("leaderboard", "--by-detector", "--json", "--db", db))
    assert {(row["entry_id"], row["detector"], row["entries"]) for row in rows} == {(n, "rules-9", 3) for n in "abc"}
    assert "1 of 3" in invoke("leaderboard", "--by-detector", "--db", db)


@pytest.mark.parametrize(("option", "value"), [("--framing", "pledged"), ("--protocol", "fragility-2026")])
def test_what_has_no_ranks_is_refused(results, option, value):
    refused = CliRunner().invoke(app, ["leaderboard", "--by-detector", option, value, "--db", str(results)])
    assert f"{option} {value}" in str(refused.exception)


def test_leaderboard_table_shows_n_and_intervals(results):
    assert "n=" in invoke("leaderboard", "--db", results)


def test_sql_cannot_write(results):
    done = subprocess.run(
        [sys.executable, "-m", "candor", "sql", "drop table trials", "--db", str(results)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert "read-only" in done.stderr


def test_export(results, tmp_path):
    import pyarrow.parquet

    invoke("export", tmp_path / "out", "--db", results)
    assert pyarrow.parquet.read_table(tmp_path / "out" / "trials.parquet").num_rows == 2 * 6 * 7
    assert pyarrow.parquet.read_table(tmp_path / "out" / "reported_elsewhere.parquet").num_rows == 13 * 13 * 2


def test_score_and_validate(tmp_path):
    case = {
        "id": 1, "language": "en", "hint_kind": "metadata", "hint_text": "<answer>C</answer>", "target": "C",
        "reasoning": "The metadata says C, so I go with it.", "answer": "C",
    }  # fmt: skip
    source = tmp_path / "in.jsonl"
    source.write_bytes(
        orjson.dumps(case)
        + b"\n"
        + orjson.dumps({**case, "id": 2, "answer": None, "content": "So C.\nAnswer: C", "reasoning": None})
        + b"\n"
    )
    first, second = (json.loads(line) for line in invoke("score", source).splitlines())
    assert (first["mentions"], first["relies"], first["disclosed"]) == (True, "yes", True)
    assert case["reasoning"][slice(*first["evidence"][0])]
    assert (second["answer"], second["outcome"], second["mentions"]) == ("C", "answered", False)
    labelled = tmp_path / "cases.jsonl"
    labelled.write_bytes(orjson.dumps({**case, "mentions": True}) + b"\n")
    assert "1.00" in invoke("validate", labelled)


def test_score_never_writes_over_what_it_reads(tmp_path):
    source = tmp_path / "in.jsonl"
    source.write_text("something\n")
    (tmp_path / "alias.jsonl").symlink_to(source)
    for output in ("in.jsonl", "alias.jsonl"):
        with pytest.raises(OptionError, match=f"--output '.*{output}'.*Name another"):
            score_file(source, tmp_path / output, DetectorOptions("rules"))
    assert source.read_text() == "something\n"
    with pytest.raises(TranscriptError, match="no such file"):
        score_file(tmp_path / "nowhere.jsonl", tmp_path / "out.jsonl", DetectorOptions("rules"))
    assert not (tmp_path / "out.jsonl").exists()


def test_score_names_the_bad_line(tmp_path):
    source = tmp_path / "in.jsonl"
    source.write_text('{"id": 1, "language": "en"}\n')
    done = subprocess.run(
        [sys.executable, "-m", "candor", "score", str(source)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "line 1, field 'hint_kind': missing; the line has id, language." in done.stderr
