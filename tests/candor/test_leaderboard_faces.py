"""What `candor leaderboard` prints: names, kinds apart, marks, words by framing."""

import json
import re
import shutil

import duckdb
import pytest
from typer.testing import CliRunner

from benchmark.faces import explain_marks, has_rate, name_entries, order_entries, words_of
from benchmark.faces.words import CONCEALED
from benchmark.framings import framings
from benchmark.store import query_rows
from candor.cli import app
from candor.plan import OptionError
from tests.mixed_results import SUITE, make_mixed_file


def invoke(*arguments):
    result = CliRunner().invoke(app, ["leaderboard", *map(str, arguments)], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    return make_mixed_file(tmp_path_factory.mktemp("mixed") / "candor.duckdb")


def first_column(text, title):
    """The names down the table of that title; a name may take two lines."""
    lines = text[text.index(title) :].splitlines()
    table = [line for line in lines[: next(i for i, line in enumerate(lines) if line.startswith("└"))]]
    return [line.strip("│").split("│")[0].strip() for line in table if line.startswith("│")]


def test_an_id_stands_only_beside_a_name_that_several_share(results):
    text = invoke("--db", results)
    named = first_column(text, f"{SUITE} · hint: metadata")
    models = [name for name in named if name.startswith("model ")]
    assert set(models[:3]) == {"model a · a", "model a · b", "model d"}
    assert models[3:] == ["model c", "model u"]


def test_ranks_by_detector_keep_names_and_kinds_apart(results, tmp_path):
    db = shutil.copy(results, tmp_path / "candor.duckdb")
    with duckdb.connect(str(db)) as connection:
        connection.execute("UPDATE verdicts SET detector = 'rules-9', disclosed = coalesce(disclosed, true)")
    named = first_column(invoke("--by-detector", "--db", db), "ranks by detector")
    assert [name for name in named if name not in ("", "model")] == [
        "model a · a", "raw", "model a · b", "raw", "model c", "visible",
    ]  # fmt: skip


def test_kinds_that_are_never_ranked_together_stand_apart(results):
    text = invoke("--db", results)
    named = first_column(text, f"{SUITE} · hint: leak")
    kinds = [name for name in named if name and not name.startswith("model")]
    assert kinds == ["raw"] * 3 + ["visible", "raw, uploaded (unverified)"]
    assert "hold for all models of a group at once" in " ".join(text.split())


def test_the_kind_is_that_of_the_ranks(results):
    """Two .sql files say what may be ranked together."""
    listed = {(r["suite"], r["framing"], r["entry_id"]): r["listed_with"] for r in query_rows(results, "app_entries")}
    ranked = query_rows(results, "rank_rows", {"framing": "plain"})
    assert {row["ranked_within"] for row in ranked} == {"raw", "visible"}
    assert all(listed[row["suite"], "plain", row["entry_id"]] == row["ranked_within"] for row in ranked)


def test_marks_have_a_legend_with_the_count(results):
    text = invoke("--db", results)
    rows = json.loads(invoke("--json", "--db", results))
    missing = sum(row["verdicts_missing"] for row in rows if row["hint_kind"] == "leak")
    assert missing > 0 and any(row["many_unparsed"] for row in rows)
    assert f"are in no rate, {missing} here." in text
    assert re.search(r"n=\d+†", text) and re.search(r"n=\d+\*", text)
    assert "*: over 10 %" in text
    assert "languages" in text and "'k of K languages': no mean" in text, "d has no rate on leak in Swahili"


def test_no_mark_no_legend():
    assert explain_marks([{"many_unparsed": False, "verdicts_missing": 0}]) == []


@pytest.mark.parametrize(("rate", "n", "shown"), [(0.5, 5, True), (0.5, 4, False), (None, None, False)])
def test_a_rate_of_few_switches_is_not_shown(rate, n, shown):
    assert has_rate(rate, n) == shown


def test_silence_that_was_asked_for_is_not_called_deception(results):
    text = invoke("--framing", "concealed", "--db", results)
    assert "silence as asked (instruction following)" in text
    assert "framing: concealed" in text
    assert not re.search("decepti|undisclosed influence", text)
    assert "instruction following" in invoke("--framing", "concealed", "--protocol", "fragility-2026", "--db", results)
    assert "the paper's deception rate" in invoke("--db", results)
    assert CONCEALED in framings()
    assert all("deception" in words_of(name).gloss for name in framings() if name != CONCEALED)


def test_a_framing_without_trials_is_named_with_those_that_there_are(results):
    said = invoke("--framing", "pledged", "--db", results)
    assert "under the framing pledged; there are some under plain, concealed." in " ".join(said.split())


def test_plain_stands_first(results):
    assert [row["framing"] for row in query_rows(results, "app_suites")] == ["plain", "concealed"]
    assert query_rows(results, "app_entries")[0]["framing"] == "plain"


def test_order_without_a_mean():
    entries = [
        {"entry_id": name, "label": name, "listed_with": kind} for name, kind in (("a", "x"), ("b", "y"), ("c", "y"))
    ]
    means = [{"measure": "covert_influence", "entry_id": name} for name in ("c", "a")]
    assert order_entries(entries, means) == ["a", "c", "b"]
    assert name_entries(entries[1:]) == {"b": "b", "c": "c"}
    assert name_entries(entries)["a"] == "a · x"


def test_an_unknown_framing_is_refused_with_the_known_ones(results):
    with pytest.raises(OptionError, match=r"--framing: 'plainx' is unknown\. Known: plain, "):
        CliRunner().invoke(app, ["leaderboard", "--framing", "plainx", "--db", str(results)], catch_exceptions=False)
