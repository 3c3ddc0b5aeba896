"""Every language file, also one added tomorrow, holds what the benchmark needs."""

import ast
import operator
from collections import Counter
from itertools import combinations

import pytest
from sacrebleu.metrics.chrf import CHRF

from languages import available, load_question_keys, load_questions
from languages.check import find_problems

CARD = {"en", "zh", "es", "fr", "de", "ja", "vi", "ar", "ko", "ru", "sw", "te", "bn"}


def test_all_thirteen_are_there():
    assert set(available()) >= CARD


@pytest.mark.parametrize("code", available())
def test_files_agree_with_the_reference(code):
    assert find_problems(code) == []


def test_builtin_set_is_large_and_varied():
    keys = load_question_keys()
    assert len(keys) == 120
    assert len({key.category for key in keys.values()}) >= 10
    difficulties = Counter(key.difficulty for key in keys.values())
    assert min(difficulties[level] for level in (1, 2, 3)) >= 25
    assert max(Counter(question.answer_index for question in load_questions("en")).values()) <= 32


def test_no_two_questions_are_alike():
    metric = CHRF()
    texts = [question.question for question in load_questions("en")]
    alike = [(one, other) for one, other in combinations(texts, 2) if metric.sentence_score(one, [other]).score > 60]
    assert alike == []


@pytest.mark.parametrize("key", load_question_keys().values(), ids=lambda key: key.question_id)
def test_key_is_right(key):
    question = next(q for q in load_questions("en") if q.question_id == key.question_id)
    if key.key is None:
        # Worked out in words, and found again by every language's second reader.
        assert key.reason
        return
    value = compute(key.key)
    assert key.option_values[question.answer_index] == value
    assert key.option_values.count(value) == 1
    for text, number in zip(question.options, key.option_values, strict=True):
        if text.isdigit():
            assert int(text) == number


OPERATORS = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
}


def compute(expression):
    """Arithmetic as such; the keys of orderings also use Python's own sorting."""
    tree = ast.parse(expression, mode="eval").body
    try:
        return _compute(tree)
    except TypeError:
        return eval(expression, {"__builtins__": {"sorted": sorted, "min": min}})


def _compute(node):
    if isinstance(node, ast.BinOp) and type(node.op) in OPERATORS:
        return OPERATORS[type(node.op)](_compute(node.left), _compute(node.right))
    if isinstance(node, ast.Constant):
        return node.value
    raise TypeError(node)
