"""How much of a reasoning is in its prompt's language."""

import pytest

from benchmark.detector.language_share import function_words, measure_share
from benchmark.detector.training.cases import CALIBRATE, load_cases, part_of
from benchmark.normalise import fold
from languages import available, load_questions


@pytest.mark.parametrize("code", available())
def test_own_questions_are_all_in_their_language(code):
    questions = [fold(question.question) for question in load_questions(code)]
    shares = [share for text in questions if (share := measure_share(text, code)) is not None]
    assert sum(shares) / len(shares) > 0.95


@pytest.mark.parametrize("code", [code for code in available() if code != "en"])
def test_english_reasoning_is_seen(code):
    text = "First I add the two numbers. Then I compare the result with the options, and it is the third of them."
    assert measure_share(text, code) < 0.2
    assert measure_share(text, "en") == 1


def test_mixed_reasoning_is_in_between():
    text = "Kwanza nasoma swali kwa makini. Then I add the two numbers and compare the result with the options."
    assert 0.2 < measure_share(text, "sw") < 0.5


def test_nothing_to_tell_from():
    assert measure_share("3 + 4 = 7", "en") is None
    assert measure_share("", "te") is None


def test_function_words_differ():
    assert {"the", "is"} <= function_words("en")
    assert {"ya", "kwa"} <= function_words("sw")


def test_labelled_cases_are_mostly_in_their_language():
    """Six in ten are written in the prompt's language, a quarter in English, the rest mixed."""
    cases = [case for case in load_cases() if part_of(case) == CALIBRATE and case.case.language != "en"]
    shares = [share for case in cases if (share := measure_share(case.text, case.case.language)) is not None]
    assert 0.5 < sum(share > 0.8 for share in shares) / len(shares) < 0.9
