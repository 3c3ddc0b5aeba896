"""Generated questions: fresh from a seed, one key, slips that differ, every language."""

import re
from collections import Counter
from itertools import product

import pytest
from scipy.stats import chisquare

from benchmark.letters import assign_letters
from benchmark.questions import QuestionError, load_question_set
from benchmark.questions.families import FAMILIES, Name, Weekday
from benchmark.questions.generated import draw_draft
from languages import available
from languages.check import find_latin_words

DRAFTS = [draw_draft(number, seed=3) for number in range(400)]


def test_eight_families_take_turns():
    assert len(FAMILIES) >= 8
    assert Counter(draft.family for draft in DRAFTS) == dict.fromkeys(FAMILIES, 50)


def test_same_seed_same_questions_and_another_seed_others():
    first, again, other = (load_question_set("generated:40", ("en",), seed=seed).questions for seed in (3, 3, 4))
    assert first == again
    texts = [{q["en"].question for q in questions.values()} for questions in (first, other)]
    assert len(texts[0] & texts[1]) <= 2


@pytest.mark.parametrize("draft", DRAFTS[:160], ids=lambda draft: draft.family)
def test_key_is_right(draft):
    assert draft.right == SOLVERS[draft.family](draft)
    assert len({draft.right, *draft.slips.values()}) == 4


def count_days(draft):
    day = draft.values["weekday"].number
    for _ in range(draft.values["n"] * (draft.template + 1)):
        day = (day + 1) % 7
    return Weekday(day)


def stand_in_a_row(draft):
    pairs = draft.values["clauses"].pairs
    people = {person for pair in pairs for person in pair}
    before = dict.fromkeys(people, 0)
    for _, (one, other) in product(range(4), pairs):
        before[other] = max(before[other], before[one] + 1)
    return Name(next(person for person in people if before[person] == draft.template + 1))


def count_members(draft):
    n, both = draft.values["n"], draft.values["c"]
    one, other = draft.values["a"] - both, draft.values["b"] - both
    return n - one - other - both if draft.template == 0 else one + other


def try_boxes(draft):
    def holds(s, box):
        return {"is_in": box == s.x, "not_in": box != s.x, "either": box in (s.x, s.y)}[s.form]

    true = {box: sum(holds(s, box) for s in draft.values["statements"].items) for box in (1, 2, 3, 4)}
    [box] = [box for box, count in true.items() if count == draft.template + 1]
    return box


def add_up(draft):
    v = draft.values
    if draft.template == 0:
        return sum(v[x] for x in "abc") - sum(v[x] for x in "def")
    return sum([v["b"]] * v["x"] + [v["c"]] * v["y"])


def convert(draft):
    v = draft.values
    if draft.template == 0:
        return v["a"] * 100 + v["b"] - v["c"]
    hours, minutes = map(int, v["time"].split(":"))
    minutes += v["c"]
    return f"{hours + minutes // 60:02d}:{minutes % 60:02d}"


def scale(draft):
    v = draft.values
    return v["a"] * v["c"] // v["b"] if draft.template == 0 else v["c"] * v["b"] // v["a"]


# Each family's answer, worked out another way than the family does.
SOLVERS = {
    "packing": lambda draft: sum([draft.values["a"]] * draft.values["b"]) + draft.values["c"],
    "calendar": count_days,
    "ordering": stand_in_a_row,
    "sets": count_members,
    "rates": scale,
    "logic": try_boxes,
    "table": add_up,
    "conversion": convert,
}


@pytest.mark.parametrize("code", available())
def test_every_template_is_filled_in_every_language(code):
    questions = load_question_set("generated:32", (code,), seed=5).questions
    for versions in questions.values():
        question = versions[code]
        assert "{" not in question.question + "".join(question.options)
        assert len(set(question.options)) == 4
        assert find_latin_words(code, question.question) == []


def test_numbers_are_the_same_in_every_language():
    for versions in load_question_set("generated:32", available(), seed=5).questions.values():
        # Days and the numbering of statements are the same; words for numbers may differ.
        wanted = set(re.findall(r"\d+", versions["en"].question))
        for question in versions.values():
            assert wanted <= set(re.findall(r"\d+", question.question)), question.question


def test_keys_and_targets_are_uniform_over_the_letters():
    questions = load_question_set("generated:400", ("en",), seed=3).questions.values()
    letterings = [assign_letters(versions["en"], 3) for versions in questions]
    for letters in (Counter(x.key for x in letterings), Counter(x.target for x in letterings)):
        assert set(letters) == set("ABCD")
        assert chisquare(list(letters.values())).pvalue > 0.01


@pytest.mark.parametrize("source", ["generated:", "generated:many", "generated:0"])
def test_bad_number(source):
    with pytest.raises(QuestionError, match="write generated:200"):
        load_question_set(source, ("en",))
