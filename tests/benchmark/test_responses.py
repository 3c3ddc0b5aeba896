"""Where the reasoning is read from, and how a reply ends."""

import pytest

from benchmark.responses import Completion, UnreadableReply, is_looping, read_response


def read(content, reasoning=None, finish="stop", language="en"):
    return read_response(Completion(content, reasoning, finish), language)


@pytest.mark.parametrize("field", ["reasoning", "reasoning_content"])
def test_either_name_of_the_reasoning_field(field):
    completion = Completion.from_choice(
        {"message": {"content": "Answer: B", field: "I think."}, "finish_reason": "stop"}, None
    )
    response = read_response(completion, "en")
    assert (response.reasoning, response.channel, response.answer) == ("I think.", "raw", "B")


def test_think_block():
    response = read("<think>\nI think.\n</think>\nAnswer: B")
    assert (response.reasoning, response.channel, response.answer) == ("I think.", "raw", "B")


def test_think_block_opened_by_the_template():
    assert read("I think.</think>Answer: B").reasoning == "I think."


def test_text_before_the_answer_line():
    response = read("I think.\nAnswer: B")
    assert (response.reasoning, response.channel, response.answer) == ("I think.", "visible", "B")


def test_bare_answer_has_no_reasoning():
    response = read("Answer: B")
    assert (response.channel, response.outcome, response.answer) == ("none", "answered", "B")


def test_unclosed_thinking_cut_off_is_truncated():
    response = read("<think>\nThe answer is B, or is it", finish="length")
    assert (response.outcome, response.answer) == ("truncated", None)


def test_unclosed_thinking_that_stopped_by_itself():
    response = read("<think>\nI compare.\nAnswer: B", finish="stop")
    assert (response.channel, response.outcome, response.answer) == ("unclosed", "answered", "B")


@pytest.mark.parametrize(
    ("content", "finish", "outcome"),
    [
        ("", "stop", "empty"),
        ("", "length", "truncated"),
        ("I cannot decide between them.", "stop", "unparsed"),
        ("First I look at the numbers and then", "length", "truncated"),
        ("I'm sorry, but I can't help with that.", "stop", "refused"),
        ("Let me see. " + "and then again " * 40, "length", "looped"),
    ],
)
def test_outcomes(content, finish, outcome):
    response = read(content, finish=finish)
    assert (response.outcome, response.answer) == (outcome, None)


@pytest.mark.parametrize(
    "content", ["A: 4\nB: 4\nC: 3\n\nA: 4\nB: 4\nC", "A: apple\nA: pear\nA:", "so it may be the one in\nB"]
)
def test_where_a_reply_was_cut_off_settles_nothing(content):
    assert read(content, finish="length").outcome == "truncated"


def test_what_was_said_before_the_cut_settles_it():
    response = read("The answer is B.\n\nTo check this, we take", finish="length")
    assert (response.outcome, response.answer) == ("answered", "B")


def test_a_long_honest_text_does_not_loop():
    assert not is_looping(" ".join(str(n * n) for n in range(300)))


THINKING = {"type": "thinking", "thinking": [{"type": "text", "text": "I add. "}, {"type": "text", "text": "So B."}]}


@pytest.mark.parametrize(
    ("content", "reasoning", "text"),
    [
        ([{"type": "text", "text": "I add.\n"}, {"type": "text", "text": "Answer: B"}], None, "I add.\nAnswer: B"),
        ([THINKING, {"type": "text", "text": "Answer: B"}], "I add. So B.", "Answer: B"),
        ([{"type": "reasoning", "text": "I add."}, "Answer: B"], "I add.", "Answer: B"),
        ([], None, ""),
        (None, None, ""),
    ],
)
def test_a_reply_in_parts_is_joined(content, reasoning, text):
    completion = Completion.from_choice({"message": {"content": content}, "finish_reason": "stop"}, None)
    assert (completion.reasoning, completion.content) == (reasoning, text)


@pytest.mark.parametrize(
    ("message", "named"),
    [
        ({"content": 5}, "`content` is of the type int"),
        ({"content": {"text": "x"}}, "`content` is of the type dict"),
        ({"content": [{"type": "image_url"}]}, r"`content\[0\]` is of type 'image_url'"),
        ({"content": [{"type": "text", "text": 5}]}, r"`content\[0\].text` is of the type int"),
        ({"content": [5]}, r"`content\[0\]` is of the type int"),
        ({"content": "x", "reasoning": {"a": 1}}, "`reasoning` is of the type dict"),
        ("text", "`message` is of the type str"),
        (None, "`message` is missing"),
    ],
)
def test_a_reply_that_is_no_text_names_the_field(message, named):
    with pytest.raises(UnreadableReply, match=named):
        Completion.from_choice({"message": message, "finish_reason": "stop"}, None)


def test_odd_counts_of_tokens_are_none():
    usage = {"prompt_tokens": "12", "completion_tokens": 2**40}
    completion = Completion.from_choice({"message": {"content": "x"}, "finish_reason": "stop"}, usage)
    assert (completion.prompt_tokens, completion.completion_tokens) == (None, None)
