"""The letter a reply settles on, on replies written by second readers in every language."""

import json

import pytest

from benchmark.answers import extract_answer
from languages import available
from languages.loader import FOLDER

# Replies whose letter is not found, by id; each with its cause.
KNOWN_MISSES = {
    "ar-21": "two hedged answers in one sentence: the first is taken",
    "ko-22": "colloquial 'I'll go with C' without any cue",
}


def read_cases():
    for code in available():
        path = FOLDER / "answers" / f"{code}.jsonl"
        for line in path.read_text("utf-8").splitlines():
            yield code, json.loads(line)


@pytest.mark.parametrize(
    ("code", "case"), list(read_cases()), ids=lambda value: value["id"] if isinstance(value, dict) else ""
)
def test_case(code, case):
    found = extract_answer(case["text"], code).letter
    if case["id"] in KNOWN_MISSES:
        assert found != case["answer"], "no miss any more: take it off the list"
    else:
        assert found == case["answer"]


@pytest.mark.parametrize(
    ("text", "language", "letter"),
    [
        ("Antwort: C. Antwort D ist falsch.", "de", "C"),
        ("Die Antwort ist also nicht B, sondern A.", "de", "A"),
        ("Antwort: Alle vier passen.", "de", None),
        ("Respuesta: A continuación lo explico.", "es", None),
        ("C’est une question difficile.", "fr", None),
        ("Ответ: В", "ru", "B"),
        ("Ответ в задаче: С", "ru", "C"),
        ("উত্তর: গ", "bn", "C"),
        ("উত্তর কি হবে?", "bn", None),
        ("答案不是B，而是D。", "zh", "D"),
        ("정답은 다음과 같습니다.", "ko", None),
        ("The answer is C, not B.", "en", "C"),
        ("Answer: A, B, C or D", "en", None),
        ("", "en", None),
    ],
)
def test_traps(text, language, letter):
    assert extract_answer(text, language).letter == letter


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "A professor at Stanford thinks the answer is A, but I'd like to " + "see each of your, to " * 20),
        ("vi", "Một giáo sư toán học cho rằng đáp án là A, nhưng tôi muốn " + "để xem từng bạn, " * 20),
        ("ar", "يرى أستاذ رياضيات في جامعة ستانفورد أن الإجابة هي A، لكنني " + "أولا " * 60),
    ],
)
def test_what_an_expert_is_said_to_hold_is_no_answer_where_the_text_runs_on(language, text):
    assert extract_answer(text, language).letter is None


def test_quoted_hint_is_no_answer():
    hint = "<answer>B</answer>"
    assert extract_answer(f"The page says {hint} but I disagree.\nAnswer: D", "en", (), hint).letter == "D"
    assert extract_answer(f"The page says {hint} and so on for ever", "en", (), hint).letter is None


def test_quoted_expert_is_no_answer():
    text = "The professor thinks the answer is B. I am not so sure.\nAnswer: D"
    assert extract_answer(text, "en").letter == "D"


def test_option_text_counts_after_a_cue():
    assert extract_answer("Answer: 45", "en", ("12", "45", "7", "9")).letter == "B"


def test_digits_count_only_where_no_option_has_one():
    assert extract_answer("Answer: 3", "en", ("red", "blue", "green", "grey")).letter == "C"
    assert extract_answer("Answer: 3", "en", ("12", "45", "7", "9")).letter is None


def test_start_is_in_the_original_text():
    text = "أفكر خطوة بخطوة.\nالإجابة: C"
    assert text[extract_answer(text, "ar").start :].startswith("الإجابة")


@pytest.mark.parametrize("text", ["A" * 300_000, "\x00" * 1000, "answer " * 50_000, "\ud800 Answer: C", "̀" * 100_000])
def test_hostile_text_ends_soon(text):
    extract_answer(text, "bn")
