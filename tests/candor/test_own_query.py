"""`candor sql`: it shows everything, and nothing it is told can write."""

import csv
import io
import json

import pyarrow as pa
import pytest
from rich.console import Console
from typer.testing import CliRunner

from benchmark.store.read import QueryRefused, ask
from candor.cli import app
from candor.own_query import show
from candor.plan import OptionError
from tests.benchmark.statistics.random_results import make_file


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    return make_file(tmp_path_factory.mktemp("results") / "candor.duckdb")


def invoke(*arguments):
    done = CliRunner().invoke(app, ["sql", *map(str, arguments)], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.stdout


@pytest.mark.parametrize(
    "query",
    [
        "copy (select 1) to '{victim}' (format csv)",
        "copy trials to '{victim}'",
        "export database '{victim}'",
        "attach '{victim}'",
        "create temp table t as select 1",
        "drop table trials",
        "set enable_external_access = true",
        "call pragma_version()",
    ],
)
def test_what_is_no_question_is_refused_and_leaves_every_file_as_it_was(results, tmp_path, query):
    (tmp_path / "in.jsonl").write_text("something\n")
    for victim in (results, tmp_path / "in.jsonl"):
        before = victim.read_bytes()
        with pytest.raises(QueryRefused, match=r"is not run: the results file is read-only\. A query starts with"):
            ask(results, query.format(victim=victim))
        assert victim.read_bytes() == before


@pytest.mark.parametrize(
    "query",
    ["explain analyze copy (select 1) to '{victim}'", "from read_csv('{victim}')", "from glob('{folder}/*')"],
)
def test_no_other_file_is_reached(results, tmp_path, query):
    victim = tmp_path / "in.jsonl"
    victim.write_text("something\n")
    with pytest.raises(Exception, match="Permission Error"):
        ask(results, query.format(victim=victim, folder=tmp_path))
    assert victim.read_text() == "something\n"


@pytest.mark.parametrize("query", ["", "  ", "/* nothing */", ";"])
def test_an_empty_query_is_refused(results, query):
    with pytest.raises(QueryRefused, match="QUERY is empty"):
        ask(results, query)


def test_two_statements_are_refused(results):
    with pytest.raises(QueryRefused, match="holds 2 statements"):
        ask(results, "select 1; drop table trials")


@pytest.mark.parametrize(
    "query",
    [
        "from leaderboard", "from measures limit 3;", "with a as (select 1 as b) from a", "values (1)", "show tables",
        "describe leaderboard", "summarize trials", "explain from trials",
        "pivot (select 1 as a, 2 as b) on a using sum(b)",
    ],
)  # fmt: skip
def test_questions_are_answered(results, query):
    assert ask(results, query).num_columns


def test_rows_wider_than_the_console_are_shown_one_below_the_other(results):
    wide = ask(results, "from leaderboard limit 2")
    written = io.StringIO()
    show(wide, Console(file=written, width=100))
    text = written.getvalue()
    assert "…" not in text
    assert all(f"{name}: " in text for name in wide.column_names)
    assert "── row 2 of 2 ──" in text
    narrow = io.StringIO()
    show(ask(results, "select language, trials from leaderboard limit 2"), Console(file=narrow, width=100))
    assert "row 1" not in narrow.getvalue()


def test_long_text_is_whole_and_cannot_command_the_terminal():
    text = "word " * 60 + "\nsecond line \x1b[31m"
    written = io.StringIO()
    show(pa.table({"id": [1], "reasoning": [text]}), Console(file=written, width=80))
    assert "word " * 60 in written.getvalue()
    assert "\n           second line ␛[31m" in written.getvalue()


def test_csv_has_every_column_and_null_is_nothing(results):
    query = "select 1 as a, 2 as a, 'x,\"y' as b, [1, 2] as c, NULL as d, true as e"
    assert list(csv.reader(io.StringIO(invoke(query, "--csv", "--db", results)))) == [
        ["a", "a", "b", "c", "d", "e"], ["1", "2", 'x,"y', "[1,2]", "", "true"],
    ]  # fmt: skip
    rows = list(csv.DictReader(io.StringIO(invoke("from leaderboard", "--csv", "--db", results))))
    assert [row["language"] for row in rows] == [
        row["language"] for row in json.loads(invoke("from leaderboard", "--json", "--db", results))
    ]


def test_json_never_drops_a_column(results):
    with pytest.raises(OptionError, match="--json: two columns are named 'a'"):
        invoke("select 1 as a, 2 as a", "--json", "--db", results)
    with pytest.raises(OptionError, match="--json and --csv"):
        invoke("select 1", "--json", "--csv", "--db", results)
