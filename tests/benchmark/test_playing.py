"""Conversations carried out against a server: slots, debates, pledges, interviews, prefills."""

import json
import re

import pytest
from rich.console import Console

from benchmark.store import query
from benchmark.transcript import MODEL, PEER, PROMPT, read_transcript
from candor.plan import RunOptions
from candor.run import ServerOptions, run
from languages import available, load

QUIET = Console(quiet=True)
ARGUMENT = "Please look again: I would choose"


def read(db, where):
    return query(
        db,
        "SELECT t.*, r.turns, r.reasoning, r.content, p.messages FROM trials AS t"
        " JOIN responses AS r USING (entry_id, trial_id) JOIN prompts AS p USING (prompt_hash)"
        f" WHERE {where} ORDER BY t.trial_id",
    ).to_pylist()


def is_peer(messages):
    return any("Your view" in m["content"] or "In your view" in m["content"] or "Role: second" in m["content"]
               or "puzzling over this one" in m["content"] for m in messages)  # fmt: skip


def target_of(messages):
    """The letter that the second copy is told to argue for."""
    return re.search(r"(?:In your view|option|it's) ([A-D])", messages[0]["content"])[1]


def test_debate_stops_when_the_answer_moves(fake_server, db):
    """The first answer is no option's letter of the target; after two remarks the model gives in."""

    def reply(messages):
        if is_peer(messages):
            return {"content": f"{ARGUMENT} {target_of(messages)}."}
        remarks = [m["content"] for m in messages if ARGUMENT in m["content"]]
        if len(remarks) < 2:
            return {"content": "I stay undecided.\nAnswer: none"}
        letter = remarks[-1].split(ARGUMENT)[1].strip()[0]
        return {"content": f"My partner argues for {letter}, so I give way.\nAnswer: {letter}"}

    fake_server.reply = reply
    run("fake", RunOptions(languages=("en",), hints=("peer",), limit=2), ServerOptions(fake_server.url), db, QUIET)
    for row in read(db, "arm = 'hinted'"):
        turns = json.loads(row["turns"])
        assert row["turn"] == 2
        assert row["answer"] == row["target"]
        assert [turn["slot"] for turn in turns] == ["answer", "peer"] * 2
        shown = read_transcript(json.loads(row["messages"]), turns, row["reasoning"], row["content"], row["arm"])
        assert [turn.writer for turn in shown] == [PROMPT, MODEL, PEER, MODEL, PEER, MODEL]
        assert shown[-1].judged
        assert "give way" in shown[-1].content
    assert {row["turn"] for row in read(db, "arm = 'control'")} == {None}
    for row in read(db, "arm = 'sham'"):
        assert row["turn"] == 5
        assert [turn["slot"] for turn in json.loads(row["turns"])] == ["answer"] * 5


@pytest.mark.parametrize("framing", ["plain", "pledged"])
def test_peer_hears_the_other_side(fake_server, db, framing):
    heard = []

    def reply(messages):
        if is_peer(messages):
            heard.append(messages)
            return {"content": f"Remark number {len(messages)}."}
        thoughts = sum("Thought" in message["content"] for message in messages)
        return {"content": f"Thought {thoughts}.\nAnswer: none"}

    fake_server.reply = reply
    options = RunOptions(languages=("en",), hints=("peer",), framings=(framing,), limit=1)
    run("fake", options, ServerOptions(fake_server.url), db, QUIET)
    longest = max(heard, key=len)
    assert [m["role"] for m in longest] == ["user", "assistant"] * 4 + ["user"]
    assert "\n\nThought" in longest[0]["content"]
    assert longest[1]["content"] == "Remark number 1."
    assert longest[2]["content"].startswith("Thought ")


@pytest.mark.parametrize(("said", "read_as"), [("Yes, I will.", "yes"), ("No, sorry.", "no"), ("Hm.", "unclear")])
def test_pledge_is_kept_and_read(fake_server, db, said, read_as):
    fake_server.reply = lambda messages: {"content": said if len(messages) == 1 else "I think.\nAnswer: B"}
    options = RunOptions(languages=("en",), hints=("metadata",), framings=("pledged",), limit=1)
    run("fake", options, ServerOptions(fake_server.url), db, QUIET)
    trials = read(db, "true")
    assert len(trials) == 3
    for row in trials:
        assert (row["pledge"], row["answer"]) == (read_as, "B")
        assert json.loads(row["turns"])[0]["content"] == said


def test_interview_judges_the_answer_and_reads_the_reply(fake_server, db):
    interview = load("en").turns.interview
    fake_server.reply = lambda messages: {
        "content": "Nothing did." if messages[-1]["content"] == interview else "The tag says so.\nAnswer: B"
    }
    options = RunOptions(languages=("en",), hints=("metadata",), arms=("interview",), limit=1)
    run("fake", options, ServerOptions(fake_server.url), db, QUIET)
    [row] = read(db, "true")
    assert (row["answer"], row["interview"], row["reasoning"]) == ("B", "no", "The tag says so.")
    shown = read_transcript(json.loads(row["messages"]), json.loads(row["turns"]), row["reasoning"], row["content"],
                            row["arm"])  # fmt: skip
    assert [turn.judged for turn in shown] == [False, True, False, False]
    assert shown[-1].content == "Nothing did."


def test_interview_that_names_the_hint_admits_it(fake_server, db):
    interview = load("en").turns.interview
    said = "I did not want to be wrong, and the metadata after the question said B, so I followed it."
    fake_server.reply = lambda messages: {
        "content": said if messages[-1]["content"] == interview else "It adds up.\nAnswer: B"
    }
    options = RunOptions(languages=("en",), hints=("metadata",), arms=("interview",), limit=1)
    run("fake", options, ServerOptions(fake_server.url), db, QUIET)
    assert [row["interview"] for row in read(db, "true")] == ["yes"]


def test_fragility_protocol_prefills_and_fixes_letters(fake_server, db):
    fake_server.reply = lambda messages: {"content": " I add the numbers.\n" + {"en": "Answer: A"}["en"]}
    options = RunOptions(languages=("en", "sw"), protocol="fragility-2026", limit=2)
    run("fake", options, ServerOptions(fake_server.url), db, QUIET)
    trials = read(db, "true")
    assert len(trials) == 2 * 2 * 3
    assert {row["suite"] for row in trials} == {"fragility-2026:builtin"}
    assert {(row["key"], row["target"]) for row in trials} == {("A", "C")}
    assert {row["arm"] for row in trials} == {"control", "hinted"}
    for row in trials:
        opener = load(row["language"]).prompt.opener
        assert json.loads(row["messages"])[-1] == {"role": "assistant", "content": opener}
        assert row["reasoning"].startswith(opener)
        assert "(K + Q)" in row["messages"] or row["hint_kind"] != "computed"
    assert all(body["continue_final_message"] and not body["add_generation_prompt"] for body in fake_server.bodies)
    assert {body["temperature"] for body in fake_server.bodies} == {0.0}


def test_fragility_without_prefill(fake_server, db):
    options = RunOptions(languages=("en",), protocol="fragility-2026", limit=1, prefill=False)
    run("fake", options, ServerOptions(fake_server.url), db, QUIET)
    assert all("continue_final_message" not in body for body in fake_server.bodies)


def test_killed_debate_is_played_again_whole(fake_server, db):
    """A trial is spooled when its last turn is there: a run that ends in the middle of a debate repeats that trial."""
    options = RunOptions(languages=("en",), hints=("peer",), limit=1)
    fake_server.refuse = lambda prompt: "Are you sure" in prompt or "really?" in prompt or "has been received" in prompt
    first = run("fake", options, ServerOptions(fake_server.url), db, QUIET)
    assert first.refused == 1
    fake_server.refuse = lambda prompt: False
    assert run("fake", options, ServerOptions(fake_server.url), db, QUIET).done == 1


@pytest.mark.parametrize("code", available())
def test_consent_is_read_in_every_language(code):
    from benchmark.consent import read_consent
    from languages import load_calibration

    sentences = load_calibration(code)
    assert [read_consent(text, code) for text in sentences.pledge_yes] == ["yes"] * len(sentences.pledge_yes)
    assert [read_consent(text, code) for text in sentences.pledge_no] == ["no"] * len(sentences.pledge_no)
    assert [read_consent(text, code) for text in sentences.interview_no] == ["no"] * len(sentences.interview_no)
    assert read_consent("1234", code) == "unclear"


@pytest.mark.parametrize(
    ("framing", "arms"),
    [("pledged", "sham,hinted"), ("plain", "interview")],
)
def test_a_turn_cut_off_ends_the_trial(fake_server, db, framing, arms):
    """A pledge, or an answer before an interview, that never ends fills the context: nothing is asked after it."""

    def reply(messages):
        assert len(messages) == 1, "asked to go on from a turn that broke off"
        return {"content": "yes I do " * 40}

    fake_server.reply, fake_server.finish_reason = reply, "length"
    options = RunOptions(
        languages=("en",), hints=("metadata",), framings=(framing,), arms=tuple(arms.split(",")), limit=2
    )
    result = run("fake", options, ServerOptions(fake_server.url), db, QUIET)
    assert result.refused == 0
    rows = read(db, "hint_kind IS NOT NULL")
    assert rows
    for row in rows:
        assert row["outcome"] in ("truncated", "looped")
        assert (row["answer"], row["turns"], row["pledge"], row["interview"]) == (None, None, None, None)
        assert row["content"].startswith("yes I do")


def test_a_cut_off_remark_of_the_second_copy_is_no_answer(fake_server, db):
    """It argues for the target: judged as the model's own reply it would be a switch."""

    def reply(messages):
        fake_server.finish_reason = "length" if is_peer(messages) else "stop"
        if is_peer(messages):
            return {"content": f"{ARGUMENT} it.\nAnswer: {target_of(messages)}. And then"}
        return {"content": "I stay undecided.\nAnswer: none"}

    fake_server.reply = reply
    run("fake", RunOptions(languages=("en",), hints=("peer",), limit=2), ServerOptions(fake_server.url), db, QUIET)
    rows = read(db, "arm = 'hinted'")
    assert rows
    for row in rows:
        assert (row["outcome"], row["answer"], row["content"], row["reasoning"]) == ("truncated", None, "", "")
        turns = json.loads(row["turns"])
        assert [turn["slot"] for turn in turns] == ["answer", "peer"]
        assert turns[-1]["finish_reason"] == "length"
        shown = read_transcript(json.loads(row["messages"]), turns, row["reasoning"], row["content"], row["arm"])
        assert [turn.writer for turn in shown] == [PROMPT, MODEL, PEER, MODEL]
