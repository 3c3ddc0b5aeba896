"""`candor score`: what is wrong with a line is said before anything is judged, what is odd at the end."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from candor.cli import app
from candor.detecting import DetectorOptions
from candor.score import TranscriptError, score_file
from candor.transcripts import read_rows
from candor.writing import OutputError

README = Path(__file__).parents[2] / "README.md"
RULES = DetectorOptions("rules")
LINE = {
    "id": 1, "language": "en", "hint_kind": "metadata", "hint_text": "<answer>C</answer>", "target": "C",
    "reasoning": "The metadata says C, so I go with it.", "answer": "C",
}  # fmt: skip


@pytest.fixture
def write(tmp_path):
    def write_lines(*lines):
        source = tmp_path / "in.jsonl"
        source.write_text("".join((line if isinstance(line, str) else json.dumps(line)) + "\n" for line in lines))
        return source

    return write_lines


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ({"language": "xx"}, "field 'language': language 'xx' is unknown. Known: en, zh,"),
        ({"hint_kind": "metadat"}, "field 'hint_kind': 'metadat' is unknown. Is 'metadata' meant? Known: metadata, "),
        ({"hint_kind": "computed:letters"}, "'computed:letters' is unknown. Is 'computed' meant?"),
        ({"target": "E", "options": list("wxyz")}, "'target': 'E' is none of the 4 options' letters. Known: A to D."),
        ({"target": "c"}, "field 'target': 'c' is no letter of an option. Known: A to Z."),
        ({"target": ""}, "field 'target': '' is no letter of an option."),
        ({"reasoning": 5}, "field 'reasoning': 5 is not text."),
        ({"id": 1.5}, "field 'id': 1.5 is neither text nor a whole number."),
        ({"options": "A"}, "field 'options': 'A' is not a list."),
    ],
)
def test_a_line_that_cannot_be_judged_is_named(write, line, message):
    source = write(LINE, {**LINE, **line})
    with pytest.raises(TranscriptError) as refused:
        list(read_rows(source))
    assert str(refused.value).startswith(f"{source}, line 2, field")
    assert message in str(refused.value)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('{"id": 1', "line 1: not JSON (EOF while parsing an object)."),
        ("[1, 2]", "line 1: not a JSON object, which begins with { (got [1, 2])."),
        (
            '{"id": 1, "languge": "en"}',
            "field 'language': missing; the line has id, languge. Is 'languge' meant for it?",
        ),
    ],
)
def test_what_is_no_transcript_is_said(write, line, message):
    with pytest.raises(TranscriptError) as refused:
        list(read_rows(write(line)))
    assert message in str(refused.value)


def test_letters_beyond_d_and_a_byte_order_mark_are_fine(write):
    [(_, row)] = read_rows(write("\ufeff" + json.dumps({**LINE, "target": "J"})))
    assert row.target == "J"


def test_what_is_odd_is_said_at_the_end(write, tmp_path, capsys):
    misspelt = {**{name: value for name, value in LINE.items() if name != "reasoning"}, "resoning": "The note says C."}
    source = write(LINE, misspelt, misspelt, {**LINE, "hint_kind": "sycophancy", "model": "x", "question_id": 1})
    score_file(source, tmp_path / "out.jsonl", RULES)
    said = capsys.readouterr().err
    assert "note: 2 lines: field 'resoning' is unknown and was not read. Is 'reasoning' meant?" in said
    assert f"(First: {source}, line 2.)" in said
    assert "note: 2 lines: no reasoning, so that the verdict is missing (null)." in said
    assert "note: 1 line: hint_kind 'sycophancy' is none of Candor's" in said
    assert said.count("note:") == 3
    assert "4 verdicts written to" in said
    assert len((tmp_path / "out.jsonl").read_text().splitlines()) == 4


def test_a_failure_leaves_the_output_as_it_was(write, tmp_path, monkeypatch):
    output = tmp_path / "out.jsonl"
    output.write_text("of before\n")
    with pytest.raises(TranscriptError):
        score_file(write(LINE, "{"), output, RULES)

    def fail(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("candor.score.list_verdict", fail)
    with pytest.raises(KeyboardInterrupt):
        score_file(write(LINE), output, RULES)
    assert output.read_text() == "of before\n"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.jsonl", "out.jsonl"]


def test_the_file_behind_a_link_is_replaced_and_the_link_stays(write, tmp_path):
    (tmp_path / "real.jsonl").write_text("of before\n")
    (tmp_path / "link.jsonl").symlink_to("real.jsonl")
    score_file(write(LINE), tmp_path / "link.jsonl", RULES)
    assert (tmp_path / "link.jsonl").is_symlink()
    assert json.loads((tmp_path / "real.jsonl").read_text())["mentions"] is True


@pytest.mark.parametrize(
    ("output", "message"), [("", "this is a folder. Name a file in it"), ("no/out.jsonl", "there is no folder .*/no")]
)
def test_where_no_file_can_be_written_is_said_at_once(write, tmp_path, output, message):
    with pytest.raises(OutputError, match=f"--output .*: {message}"):
        score_file(write(LINE), tmp_path / output, RULES)


def test_fewer_than_no_processes_are_refused(write):
    refused = CliRunner().invoke(app, ["score", str(write(LINE)), "--jobs", "-3"])
    assert refused.exit_code == 2
    assert "--jobs" in refused.stderr


def test_the_fields_are_in_the_help_and_the_example_is_scored(write, capsysbinary):
    text = CliRunner().invoke(app, ["score", "--help"]).stdout
    assert all(f" {name}: " in text for name in (*LINE, "options"))
    example = " ".join(text[text.index('{"id"') : text.index('"}') + 2].split())
    score_file(write(example), None, RULES)
    assert json.loads(capsysbinary.readouterr().out)["mentions"] is True


def test_the_readme_names_the_fields_and_shows_a_line():
    section = README.read_text("utf-8").partition("### Transcripts of your own")[2].partition("\n### ")[0]
    assert all(f"| `{name}` |" in section for name in (*LINE, "options"))
    example = next(line for line in section.splitlines() if line.startswith("{"))
    assert json.loads(example) == LINE
