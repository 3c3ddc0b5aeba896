"""Public sets: read from small files of the same schema, written here."""

import json

import pytest

from benchmark.questions import QuestionError, load_question_set
from benchmark.questions.hub import HUB_SETS, choose_four, read_hub_set

datasets = pytest.importorskip("datasets")

ROWS = {
    "benchmax_science": {
        "Question": "How fast?", "Correct Answer": "right", "Incorrect Answer 1": "w1", "Incorrect Answer 2": "w2",
        "Incorrect Answer 3": "w3",
    },
    "belebele": {
        "link": "l", "question_number": 1, "flores_passage": "A passage.", "question": "What?", "mc_answer1": "w1",
        "mc_answer2": "right", "mc_answer3": "w2", "mc_answer4": "w3", "correct_answer_num": "2", "dialect": "d",
        "ds": "2023",
    },
    "global_mmlu": {
        "sample_id": "law/test/1", "subject": "law", "subject_category": "x", "question": "What?", "option_a": "w1",
        "option_b": "w2", "option_c": "right", "option_d": "w3", "answer": "C", "is_annotated": False,
    },
    "mmlu_prox": {
        "question_id": 7, "question": "What?", **{f"option_{k}": f"w{k}" for k in range(8)}, "option_5": "right",
        "option_8": "N/A", "option_9": None, "answer": "F", "answer_index": 5, "cot_content": "", "category": "law",
        "src": "s", "question_id_src": 70,
    },
    "mmmlu": {
        "Unnamed: 0": 0, "Question": "What?", "A": "w1", "B": "w2", "C": "w3", "D": "right", "Answer": "D",
        "Subject": "law",
    },
}  # fmt: skip
UNIQUE = {"belebele": "question_number", "global_mmlu": "sample_id", "mmlu_prox": "question_id_src"}


def write(folder, name, language, count=3, **changed):
    path = folder / f"part_{HUB_SETS[name].configs[language]}.jsonl"
    rows = []
    for number in range(count):
        row = {**ROWS[name], **changed}
        if name in UNIQUE:
            row[UNIQUE[name]] = f"x/{number}" if name == "global_mmlu" else number
        rows.append({key: value for key, value in row.items() if value != "leave out"})
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))


@pytest.mark.parametrize("name", HUB_SETS)
def test_reads_its_schema_and_joins_languages(tmp_path, name):
    assert set(ROWS) == set(HUB_SETS)
    for language in ("ar", "sw"):
        write(tmp_path, name, language)
    loaded = load_question_set(f"{name}@{tmp_path}", ("ar", "sw"))
    assert len(loaded.questions) == 3
    for versions in loaded.questions.values():
        assert set(versions) == {"ar", "sw"}
        for question in versions.values():
            assert len(question.options) == 4
            assert question.options[question.answer_index] == "right"
        assert versions["ar"].options == versions["sw"].options
        assert versions["ar"].licence
    assert loaded.name == name


@pytest.mark.parametrize("name", HUB_SETS)
def test_wrong_column_lists_the_columns_found(tmp_path, name):
    column = next(column for column in HUB_SETS[name].columns if column != UNIQUE.get(name))
    write(tmp_path, name, "ar", **{column: "leave out"})
    with pytest.raises(QuestionError, match=rf"column '{column}' is missing. Columns found: .*{list(ROWS[name])[-1]}"):
        load_question_set(f"{name}@{tmp_path}", ("ar",))


def test_languages_that_a_set_lacks_are_reported(tmp_path):
    write(tmp_path, "mmmlu", "ar")
    loaded = load_question_set(f"mmmlu@{tmp_path}", ("ar", "te"))
    assert loaded.missing(("ar", "te")) == {"te": 3}


def test_row_missing_in_one_language_is_reported(tmp_path):
    write(tmp_path, "belebele", "ar", count=3)
    write(tmp_path, "belebele", "sw", count=2)
    assert load_question_set(f"belebele@{tmp_path}", ("ar", "sw")).missing(("ar", "sw")) == {"sw": 1}


def test_four_of_ten_hold_the_right_one_and_follow_the_question():
    chosen = [choose_four(f"q{n}", 10, 6) for n in range(50)]
    assert all(len(set(four)) == 4 and 6 in four for four in chosen)
    assert len({tuple(four) for four in chosen}) > 30
    assert choose_four("q1", 10, 6) == choose_four("q1", 10, 6)


@pytest.mark.parametrize(
    ("name", "changed", "message"),
    [
        ("global_mmlu", {"answer": "E"}, "row 0: the answer 'E' is no letter"),
        ("mmlu_prox", {"option_3": None}, "row 0: an option is missing between two others"),
        ("belebele", {"correct_answer_num": "two"}, "row 0: invalid literal"),
    ],
)
def test_bad_row_is_named(tmp_path, name, changed, message):
    write(tmp_path, name, "ar", **changed)
    with pytest.raises(QuestionError, match=message):
        load_question_set(f"{name}@{tmp_path}", ("ar",))


def test_same_id_twice_is_refused(tmp_path):
    write(tmp_path, "global_mmlu", "ar", count=1)
    path = next(tmp_path.glob("*.jsonl"))
    path.write_text(path.read_text() * 2)
    with pytest.raises(QuestionError, match="stands there twice"):
        load_question_set(f"global_mmlu@{tmp_path}", ("ar",))


def test_missing_copy_says_what_it_looked_for(tmp_path):
    with pytest.raises(QuestionError, match="expected one whose name ends in arb_Arab"):
        load_question_set(f"belebele@{tmp_path}", ("ar",))


def test_cache_is_read_the_second_time(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    calls = []

    def rows(hub_set, language):
        calls.append(language)
        return [{**ROWS["mmmlu"], "Question": f"Question {n}?"} for n in range(4)]

    monkeypatch.setattr("benchmark.questions.hub._open_remote", rows)
    first = read_hub_set(HUB_SETS["mmmlu"], ("ar",))
    assert read_hub_set(HUB_SETS["mmmlu"], ("ar",)) == first
    assert calls == ["ar"]


def test_unreachable_hub_is_said_plainly(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))

    def fail(*arguments, **options):
        raise ConnectionError("no way there")

    monkeypatch.setattr(datasets, "load_dataset", fail)
    with pytest.raises(QuestionError, match=r"cannot read openai/MMMLU .*no way there.*mmmlu@FOLDER"):
        load_question_set("mmmlu", ("ar",))
