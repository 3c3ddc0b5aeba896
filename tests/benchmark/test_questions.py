"""Question files: every format, and errors that name line and field."""

import json

import pyarrow as pa
import pyarrow.parquet
import pytest

from benchmark.questions import QuestionError, load_question_set

ROW = {
    "question_id": "q1",
    "language": "en",
    "question": "1 + 1?",
    "options": ["1", "2", "3", "4"],
    "answer_index": 1,
}


def write_jsonl(path, *rows):
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return str(path)


def test_jsonl(tmp_path):
    source = write_jsonl(tmp_path / "set.jsonl", ROW, {**ROW, "question_id": "q2", "category": "sums"})
    loaded = load_question_set(source, ("en",))
    assert loaded.name == "set"
    assert list(loaded.questions) == ["q1", "q2"]
    assert loaded.questions["q2"]["en"].category == "sums"


def test_csv_with_option_columns(tmp_path):
    path = tmp_path / "set.csv"
    path.write_text(
        "question_id,language,question,option_a,option_b,option_c,option_d,answer_index\nq1,en,1 + 1?,1,2,3,4,1\n"
    )
    assert load_question_set(str(path), ("en",)).questions["q1"]["en"].options == ("1", "2", "3", "4")


def test_parquet(tmp_path):
    pyarrow.parquet.write_table(pa.Table.from_pylist([ROW]), tmp_path / "set.parquet")
    assert load_question_set(str(tmp_path / "set.parquet"), ("en",)).questions["q1"]["en"].answer_index == 1


def test_limit_keeps_the_first_ids(tmp_path):
    source = write_jsonl(tmp_path / "set.jsonl", *({**ROW, "question_id": f"q{n}"} for n in range(5)))
    assert list(load_question_set(source, ("en",), limit=2).questions) == ["q0", "q1"]


def test_missing_languages_are_counted(tmp_path):
    source = write_jsonl(tmp_path / "set.jsonl", ROW)
    assert load_question_set(source, ("en", "sw")).missing(("en", "sw")) == {"sw": 1}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"answer_index": None}, "line 2, field 'answer_index': missing"),
        ({"answer_index": 4}, "line 2, field 'answer_index': 4 is not 0, 1, 2 or 3"),
        ({"answer_index": True}, "line 2, field 'answer_index'"),
        ({"options": ["1", "2", "3"]}, "line 2, field 'options'"),
        ({"options": ["1", "1", "3", "4"]}, "line 2, field 'options'.*different"),
        ({"question": ""}, "line 2, field 'question': missing"),
        ({"language": 7.5}, "line 2, field 'language'"),
        ({"question_id": "q1"}, "line 2, field 'question_id': 'q1' occurs twice"),
        (
            {"question_id": "q1", "language": "sw", "answer_index": 2},
            "line 1 says 1 for the same question_id",
        ),
    ],
)
def test_bad_row_is_named_and_nothing_is_loaded(tmp_path, change, message):
    source = write_jsonl(tmp_path / "set.jsonl", ROW, {**ROW, "question_id": "q2", **change})
    with pytest.raises(QuestionError, match=message):
        load_question_set(source, ("en",))


def test_line_that_is_not_json_is_named(tmp_path):
    (tmp_path / "set.jsonl").write_text(json.dumps(ROW) + "\n{oops\n")
    with pytest.raises(QuestionError, match="line 2: not JSON"):
        load_question_set(str(tmp_path / "set.jsonl"), ("en",))


def test_unknown_source():
    with pytest.raises(QuestionError, match=r"unknown\. Known: builtin, opinions, generated:N"):
        load_question_set("nonsense", ("en",))


def test_builtin_has_every_language():
    from languages import available

    assert load_question_set("builtin", available()).missing(available()) == {}
