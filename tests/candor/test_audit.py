"""`candor audit` from the draw to the report, and the page that labels."""

import csv
import json
import shutil
from pathlib import Path

import duckdb
import pytest
from typer.testing import CliRunner

from benchmark.auditing import make_label, read_audit, read_labels
from benchmark.auditing.labels import add_labels
from candor.audit import errors_table, rates_table
from candor.cli import app
from candor.errors import explain
from tests.audit_results import ENTRY, FORMULA, MODEL, TELLS, make_results

PAGE = str(Path(__file__).parents[2] / "pages" / "audit.py")


def invoke(*arguments):
    result = CliRunner().invoke(app, ["audit", *map(str, arguments)], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    db = tmp_path_factory.mktemp("audit") / "candor.duckdb"
    make_results(db, questions=60)
    return db


@pytest.fixture
def results(kept, tmp_path):
    """A results file of the test's own."""
    return Path(shutil.copy(kept, tmp_path / "candor.duckdb"))


def fill(sheet, path, wrong=0):
    """Label a sheet by what its texts say, the first `wrong` rows falsely."""
    with sheet.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    for number, row in enumerate(rows):
        row["mentions"] = "yes" if (TELLS in row["reasoning"]) != (number < wrong) else "no"
        row["derives"] = "no" if row["hint_kind"] == "computed" else ""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, rows[0], delimiter=";")
        writer.writeheader()
        writer.writerows(rows)
    return path


def test_draw_read_report(results, tmp_path):
    sheet = tmp_path / "sheet.csv"
    at = ("--db", results)
    invoke("draw", *at, "--per-cell", 20, "--seed", 4, "-o", sheet)
    assert "Undisclosed influence" in invoke("report", *at)
    said = invoke("read", fill(sheet, tmp_path / "anna.csv"), "--labeller", "Anna", *at)
    assert "80 of 80 trials labelled by Anna, 80 of them new" in said
    assert "0 of them new" in invoke("read", tmp_path / "anna.csv", "--labeller", "Anna", *at)
    third = tmp_path / "third.csv"
    said = invoke("read", fill(sheet, tmp_path / "ben.csv", 8), "--labeller", "Ben", "--third", third, *at)
    assert "8 disagreements" in said
    assert said.split("mentions")[1].split("\n")[0].replace("│", " ").split()[-2:] == ["72", "80"]
    assert third.read_text("utf-8-sig").count('\n"t') == 8
    made = json.loads(invoke("report", *at, "--json"))
    assert made["labels"]["disputed"] == 8
    assert made["labels"]["labellers"] == {"Anna": 80, "Ben": 80}
    assert "4 of 4 cells" in invoke("report", *at)
    invoke("read", fill(third, tmp_path / "cara.csv"), "--labeller", "Cara", *at)
    made = json.loads(invoke("report", *at, "--json"))
    assert (made["labels"]["disputed"], made["labels"]["used"]) == (0, 80)
    for row in made["cells"]:
        assert row["powered_low"] < row["powered"] < row["powered_high"]
        assert row["naive"] > row["powered"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("draw", "-o", "sheet.xlsx"), "must end in .csv or .jsonl"),
        (("draw", "-o", "nowhere/sheet.csv"), "there is no folder nowhere"),
        (("draw", "-o", "sheet.csv", "--by", "model"), "--by: 'model' is unknown"),
        (("draw", "-o", "sheet.csv", "--per-cell", "2"), "--per-cell: 2 is too small"),
        (("report",), "candor audit draw"),
        (("report", "--name", "none"), "'none' is no audit"),
        (("read", "missing.csv", "--labeller", "Anna"), "candor audit draw"),
    ],
)
def test_bad_input_is_explained(results, monkeypatch, tmp_path, arguments, message):
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(app, ["audit", *arguments, "--db", str(results)])
    assert message in (explain(result.exception) or "")
    assert not Path("sheet.csv").exists()


def test_no_sheet_and_two_audits(results, tmp_path):
    for name in ("one", "two"):
        invoke("draw", "--db", results, "--name", name, "-o", tmp_path / f"{name}.csv")
    result = CliRunner().invoke(app, ["audit", "report", "--db", str(results)])
    assert "--name: say which audit" in explain(result.exception)
    result = CliRunner().invoke(
        app, ["audit", "read", "no.csv", "--labeller", "A", "--name", "one", "--db", str(results)]
    )
    assert "there is no file no.csv" in explain(result.exception)


def test_a_mistyped_results_file_is_named(tmp_path):
    missing = tmp_path / "missing.duckdb"
    for command in (("report",), ("report", "--name", "one"), ("read", "s.csv", "--labeller", "A", "--name", "one")):
        result = CliRunner().invoke(app, ["audit", *command, "--db", str(missing)])
        assert f"there is no results file {missing}" in (explain(result.exception) or "")


def test_a_third_reading_wants_two_labellers(results, tmp_path):
    sheet, third, at = tmp_path / "sheet.csv", tmp_path / "third.csv", ("--db", str(results))
    invoke("draw", *at, "--per-cell", 6, "-o", sheet)
    filled = str(fill(sheet, tmp_path / "anna.csv"))
    wanted = ["audit", "read", filled, "--labeller", "Anna", "--third", str(third), *at]
    assert "only Anna has labelled" in (explain(CliRunner().invoke(app, wanted).exception) or "")
    assert read_labels(read_audit(results, "audit")) == {}
    invoke("read", filled, "--labeller", "Anna", *at)
    assert "only Anna has labelled" in (explain(CliRunner().invoke(app, wanted).exception) or "")
    assert not third.exists()


def test_names_in_brackets_are_no_markup(kept, tmp_path):
    folder = tmp_path / "[red]x"
    folder.mkdir()
    db = shutil.copy(kept, folder / "candor.duckdb")
    drawn = CliRunner().invoke(app, ["audit", "draw", "--db", str(db), "-o", str(tmp_path / "s.csv")])
    assert f"kept in {db}.d" in drawn.stderr


def add_entry(db, entry, model, suite):
    """The same trials again, of another entry and suite."""
    with duckdb.connect(str(db)) as connection:
        for table in ("trials", "verdicts", "responses", "entries"):
            columns = f"'{entry}' AS entry_id"
            columns += {"trials": f", '{suite}' AS suite", "entries": f", '{model}' AS model"}.get(table, "")
            connection.execute(
                f"INSERT INTO {table} SELECT * REPLACE ({columns}) FROM {table} WHERE entry_id = '{ENTRY}'"
            )


def test_report_says_of_which_suite_and_model(results, tmp_path):
    add_entry(results, "abcdef0123", MODEL, "candor-1")
    add_entry(results, "fedcba9876", "[b]other[/b]", "candor-1")
    at = ("--db", results)
    invoke("draw", *at, "--per-cell", 6, "-o", tmp_path / "sheet.csv")
    made = json.loads(invoke("report", *at, "--json"))
    wanted = {
        (f"{MODEL} · entry-", "exploratory:test"), (f"{MODEL} · abcdef", "candor-1"), ("[b]other[/b]", "candor-1"),
    }  # fmt: skip
    for table, count in ((rates_table(made), 5), (errors_table(made), 4)):
        model, suite = (list(column.cells) for column in table.columns[:2])
        rows = [(str(one), str(other)) for one, other in zip(model, suite, strict=True)]
        assert set(rows) == wanted
        assert all(rows.count(row) == count for row in wanted)
    said = [line for line in invoke("report", *at).splitlines() if line.startswith("Equal sensitivity")]
    for model, suite in wanted:
        assert any(f"({model}, {suite}, metadata)" in line for line in said)
    assert all(test["model"] for test in made["equal_sensitivity"])


def test_an_entry_that_is_one_cell_has_one_row(results, tmp_path):
    invoke("draw", "--db", results, "--by", "", "-o", tmp_path / "sheet.csv")
    made = json.loads(invoke("report", "--db", results, "--json"))
    assert len(made["cells"]) == len(made["overall"]) == rates_table(made).row_count == 1


# --- the page ---------------------------------------------------------------------------------------------------


@pytest.fixture
def page(results, tmp_path, monkeypatch):
    from streamlit.testing.v1 import AppTest

    import pages._results

    invoke("draw", "--db", results, "--per-cell", 6, "-o", tmp_path / "sheet.csv")
    monkeypatch.setattr(pages._results, "DB", results)
    return AppTest.from_file(PAGE, default_timeout=60).run()


def shown(page):
    """Everything on the page, by the element's type."""
    return [(element.type, str(element.value)) for element in page.main if hasattr(element, "value")]


def answer(page, mentions, derives=None):
    for radio in page.radio:
        word = {"mentions": mentions, "derives": derives or "no"}.get(radio.label)
        if word:
            radio.set_value(word)
    return page.button[0].click().run()


def test_page_labels_one_trial_at_a_time(results, page):
    assert not page.exception
    assert not page.radio
    page.text_input(key="labeller").set_value("Anna").run()
    audit = read_audit(results, "audit")
    first = audit.items[0]
    texts = [text.value for text in page.text]
    assert first.shown["reasoning"] in texts
    assert all(audit.items[1].shown["question"] not in text for text in texts) or (
        audit.items[1].shown["question"] == first.shown["question"]
    )
    assert all(radio.value is None for radio in page.radio)
    answer(page, "yes")
    assert not page.exception
    labels = read_labels(audit)["Anna"]
    assert list(labels) == [first.item]
    assert labels[first.item].mentions is True
    assert audit.items[1].shown["reasoning"] in [text.value for text in page.text]
    assert page.number_input[0].value == 2
    answer(page, "cannot tell")
    assert read_labels(audit)["Anna"][audit.items[1].item].mentions is None
    page.number_input[0].set_value(1).run()
    assert next(radio.value for radio in page.radio if radio.label == "mentions") == "yes"
    answer(page, "no")
    assert read_labels(audit)["Anna"][first.item].mentions is False
    assert len((audit.folder / "labels-Anna.jsonl").read_bytes().splitlines()) == 3


def test_page_wants_an_answer_before_it_saves(results, page):
    page.text_input(key="labeller").set_value("Anna").run()
    page.button[0].click().run()
    assert "Say yes, no or cannot tell" in page.warning[0].value
    assert read_labels(read_audit(results, "audit")) == {}
    page.text_input(key="labeller").set_value("../../x").run()
    answer(page, "yes")
    assert "is no name" in page.error[0].value
    assert read_labels(read_audit(results, "audit")) == {}


def test_page_is_blind_and_shows_plain_text(page):
    page.text_input(key="labeller").set_value("Anna").run()
    assert any(FORMULA in text.value for text in page.text)
    for element in (*page.markdown, *page.caption, *page.code):
        assert FORMULA not in element.value
        assert "<b>" not in element.value
    everything = repr(page.main)
    for secret in (MODEL, "oracle-detector", "exploratory:test", "probability="):
        assert secret not in everything


def test_page_reports(results, page):
    audit = read_audit(results, "audit")
    labels = [make_label(i.item, i.shown["hint_kind"], TELLS in i.shown["reasoning"], False) for i in audit.items]
    add_labels(audit, "Anna", labels)
    page.session_state["view"] = "Report"
    page.run()
    assert not page.exception
    table = page.dataframe[0].value
    assert list(table["language"][:2]) == ["en", "en"]
    assert {"verdicts", "labels", "powered", "Rogan–Gladen"} <= set(table.columns)
    assert "%" in table["powered"][0]
    for shown_table in page.dataframe[:2]:
        assert list(shown_table.value.columns[:3]) == ["model", "suite", "language"]
        assert set(shown_table.value["suite"]) == {"exploratory:test"}
    assert any(f"({MODEL}, exploratory:test, metadata)" in text.value for text in page.text)


def test_page_without_an_audit(results, monkeypatch):
    from streamlit.testing.v1 import AppTest

    import pages._results

    monkeypatch.setattr(pages._results, "DB", results)
    page = AppTest.from_file(PAGE, default_timeout=60).run()
    assert "candor audit draw" in page.info[0].value
