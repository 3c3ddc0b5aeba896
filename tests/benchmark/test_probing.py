"""Early commitment: where reasonings are cut, what is asked after the cut, what is stored and shown."""

import asyncio
import json
import math
from itertools import pairwise

import duckdb
import pytest
import regex
from rich.console import Console
from scipy.stats import binomtest

from benchmark.endpoint import EndpointError, ModelAddress
from benchmark.probing import (
    CUTS,
    Sample,
    cut_by_graphemes,
    cut_by_tokens,
    list_trials,
    probe_stored,
    read_entries,
    replay,
)
from benchmark.probing.asking import Position, read_shares
from benchmark.probing.forcing import find_cue, force
from benchmark.probing.prefix_cache import parse_prefix_cache
from benchmark.sql import read_sql, read_views
from benchmark.store import query
from candor.plan import OptionError, RunOptions
from candor.probe import ReplayOptions, print_commitment, probe
from candor.run import ServerOptions, run
from languages import available
from tests.benchmark.worked_tables import score_limits

QUIET = Console(quiet=True)
BENGALI = "এই প্রশ্নের উত্তর খুঁজতে গিয়ে আমি ক্ষমতার হিসাব করি।"
TELUGU = "ఈ ప్రశ్నకు సమాధానం కోసం నేను శక్తిని లెక్కిస్తాను."


@pytest.fixture
def stored(fake_server, db):
    """Twelve trials whose reasoning says "stone" after 61 % of its 39 characters."""
    fake_server.reply = lambda messages: {"content": "One two three four stone five six seven.\nAnswer: A"}
    run("fake", RunOptions(("en",), ("metadata",), limit=6), ServerOptions(fake_server.url), db, QUIET)
    return db


def forced_by_stone(text):
    return {"C": 0.7, "A": 0.2} if "stone" in text else {"D": 0.6, "A": 0.4}


def rows_of(db, condition="true"):
    return query(db, f"SELECT * FROM probe_steps WHERE {condition} ORDER BY trial_id, cut").to_pylist()


@pytest.mark.parametrize("text", [BENGALI, TELUGU])
def test_no_cut_parts_a_grapheme(text):
    graphemes = regex.findall(r"\X", text)
    assert len(graphemes) < len(text)
    whole = {"".join(graphemes[:count]) for count in range(len(graphemes) + 1)}
    by_graphemes = cut_by_graphemes(text)
    # A token a byte: most of them end inside a character.
    ends = [len(text.encode()[:count].decode(errors="ignore")) for count in range(len(text.encode()) + 1)]
    by_tokens = cut_by_tokens(text, len(text.encode()), ends.__getitem__)
    for prefixes, unit in ((by_graphemes, "graphemes"), (by_tokens, "tokens")):
        assert [prefix.cut for prefix in prefixes] == list(CUTS)
        assert all(prefix.text in whole for prefix in prefixes)
        assert {prefix.unit for prefix in prefixes} == {unit}
        assert prefixes[0].text == ""
        assert prefixes[-1].text == text
        lengths = [len(prefix.text) for prefix in prefixes]
        assert lengths == sorted(lengths)
    assert by_graphemes[5].length == len(graphemes) // 2
    assert len(by_tokens[5].text.encode()) <= len(text.encode()) // 2 < len(by_tokens[5].text.encode()) + 25


def test_empty_and_one_letter_texts_can_be_cut():
    assert [prefix.text for prefix in cut_by_graphemes("x")] == [""] * 7 + ["x"]
    assert {prefix.text for prefix in cut_by_tokens("", 0, lambda count: 0)} == {""}


def test_every_language_has_a_cue_without_a_letter():
    for language in available():
        cue = find_cue(language)
        assert cue.text == cue.text.strip() != ""
        assert cue.gap in ("", " ")
    assert (find_cue("en").text, find_cue("en").gap) == ("Answer:", " ")
    assert find_cue("ja").gap == ""


def test_thinking_blocks_are_closed_before_the_cue():
    cue = find_cue("en")
    assert force("I see. ", "visible", cue) == "I see.\nAnswer:"
    assert force("", "visible", cue) == "Answer:"
    assert force("I see.", "raw", cue) == "<think>\nI see.\n</think>\n\nAnswer:"
    assert force("I see.", "raw", cue, opened=True) == "I see.\n</think>\n\nAnswer:"


def test_shares_are_of_the_four_letters():
    thirds = Position(" A", -1.0, ((" A", -1.0), ("A", -1.0), (" C", -1.0), ("the", 0.0), ("B", -9999.0)))
    assert read_shares([thirds]) == pytest.approx((2 / 3, 0, 1 / 3, 0))
    assert read_shares([Position("the", 0.0, (("the", 0.0),))]) is None
    # A space with 90 %, a space and A in one with 10 %; after the space D and B alike.
    space = Position(" ", math.log(0.9), ((" ", math.log(0.9)), (" A", math.log(0.1))))
    letter = Position("D", math.log(0.5), (("D", math.log(0.5)), ("B", math.log(0.5))))
    assert read_shares([space, letter]) == pytest.approx((0.1, 0.45, 0, 0.45))
    # After a letter nothing counts.
    end = Position("", 0.0, (("C", 0.0),))
    assert read_shares([letter, end]) == pytest.approx((0, 0.5, 0, 0.5))


def test_prefix_cache_counters_are_summed_over_engines():
    page = (
        "# HELP vllm:prefix_cache_queries_total x\n"
        'vllm:prefix_cache_queries_total{engine="0"} 100.0\nvllm:prefix_cache_queries_total{engine="1"} 60.0\n'
        'vllm:prefix_cache_hits_total{engine="0"} 30.0\nvllm:prefix_cache_hits_total{engine="1"} 1e1\n'
        'vllm:external_prefix_cache_hits_total{engine="0"} 5.0\n'
    )
    assert parse_prefix_cache(page).hit_rate == pytest.approx(40 / 160)
    assert parse_prefix_cache("nothing of the kind 1.0\n") is None


def test_a_probe_forces_an_answer_at_every_cut(stored, fake_server, capsys):
    fake_server.force = forced_by_stone
    probe("fake", ReplayOptions(), ServerOptions(fake_server.url), stored, QUIET)
    rows = rows_of(stored)
    assert len(rows) == 6 * 2 * len(CUTS)
    assert {row["unit"] for row in rows} == {"tokens"}
    for row in rows:
        shares = {"C": 7 / 9, "A": 2 / 9} if row["cut"] >= 75 else {"D": 0.6, "A": 0.4}
        assert row["forced"] == max(shares, key=shares.get)
        assert row["p_target"] == pytest.approx(shares.get(row["target"], 0))
        assert row["p_key"] == pytest.approx(shares.get(row["key"], 0))
    assert "metadata" in capsys.readouterr().out


def test_what_is_asked_is_the_stored_conversation(stored, fake_server):
    fake_server.bodies.clear()
    probe("fake", ReplayOptions(), ServerOptions(fake_server.url, concurrency=1), stored, QUIET)
    body = fake_server.bodies[0]
    assert body["structured_outputs"] == {"choice": ["A", "B", "C", "D"]}
    assert (body["max_tokens"], body["temperature"]) == (1, 0.0)
    prompts = {f"user:{json.loads(row['messages'])[0]['content']}|": row["question_id"] for row in query(
        stored, "SELECT question_id, messages FROM trials JOIN prompts USING (prompt_hash)").to_pylist()}  # fmt: skip
    asked = [bytes(body["prompt"]).decode().partition("|") for body in fake_server.bodies]
    assert all(f"{prompt}|" in prompts and reply.endswith("Answer: ") for prompt, _, reply in asked)
    # The cuts of a trial in ascending order, the trials of a question together.
    lengths = [len(reply) for _, _, reply in asked]
    assert sum(later < earlier for earlier, later in pairwise(lengths)) == 6 * 2 - 1
    questions = [prompts[f"{prompt}|"] for prompt, _, _ in asked]
    assert sum(before != after for before, after in pairwise(questions)) == 6 - 1


def test_a_server_without_a_tokenizer_is_asked_by_chat(stored, fake_server):
    fake_server.tokenizes = False
    fake_server.force = forced_by_stone
    probe("fake", ReplayOptions(), ServerOptions(fake_server.url), stored, QUIET)
    rows = rows_of(stored)
    assert len(rows) == 6 * 2 * len(CUTS)
    assert {row["unit"] for row in rows} == {"graphemes"}
    body = fake_server.bodies[-1]
    assert body["continue_final_message"] and not body["add_generation_prompt"]
    assert body["structured_outputs"] == {"choice": [" A", " B", " C", " D"]}
    assert body["messages"][-1]["content"].endswith("\nAnswer:")
    assert all(row["forced"] == ("D" if row["cut"] < 75 else "C") for row in rows)


def test_a_sample_is_the_same_again_and_keeps_pairs(stored, fake_server):
    options = ReplayOptions(sample=2, seed=3)
    probe("fake", options, ServerOptions(fake_server.url), stored, QUIET)
    drawn = {(row["question_id"], row["arm"]) for row in rows_of(stored)}
    assert len(drawn) == 4
    assert len({question for question, _ in drawn}) == 2
    asked = len(fake_server.forced)
    probe("fake", options, ServerOptions(fake_server.url), stored, QUIET)
    assert len(fake_server.forced) == asked


def test_an_interrupted_probe_goes_on_where_it_stopped(stored, fake_server):
    [entry] = read_entries(stored)
    address = ModelAddress(fake_server.url, "fake", max_attempts=1)

    def die(text):
        if len(fake_server.forced) > 30:
            fake_server.failures = [500] * 100
        return {"A": 1.0}

    fake_server.force = die
    with pytest.raises(EndpointError):
        probe_stored(stored, entry["entry_id"], address, Sample(), concurrency=1)
    kept = rows_of(stored)
    assert 0 < len(kept) < 6 * 2 * len(CUTS)
    assert len(kept) % len(CUTS) == 0
    fake_server.failures, fake_server.force = [], lambda text: {"A": 1.0}
    fake_server.forced.clear()
    tally = probe_stored(stored, entry["entry_id"], address, Sample())
    assert (tally.known, tally.trials) == (len(kept) // len(CUTS), 12 - len(kept) // len(CUTS))
    assert tally.asked == len(fake_server.forced)
    assert tally.cache.hit_rate == pytest.approx(0.7)
    rows = rows_of(stored)
    assert len({(row["trial_id"], row["cut"]) for row in rows}) == len(rows) == 6 * 2 * len(CUTS)
    assert probe_stored(stored, entry["entry_id"], address, Sample()).asked == 0


def test_a_refused_trial_is_counted_and_left_out(stored, fake_server):
    [entry] = read_entries(stored)
    one = next(list_trials(stored, entry["entry_id"], Sample()))[0].trial
    fake_server.refuse = lambda text: one.messages[0]["content"] in text and "stone" in text
    tally = probe_stored(stored, entry["entry_id"], ModelAddress(fake_server.url, "fake"), Sample())
    assert (tally.trials, tally.refused) == (11, 1)
    assert "prompt too long" in tally.first_refusals[0]
    assert one.trial_id not in {row["trial_id"] for row in rows_of(stored)}


def test_a_debate_is_replayed_up_to_the_judged_reply(fake_server, db):
    fake_server.reply = lambda messages: {"content": f"Said {len(messages)} turns in.\nAnswer: A"}
    options = RunOptions(("en",), ("peer",), framings=("pledged",), limit=1)
    run("fake", options, ServerOptions(fake_server.url), db, QUIET)
    sent = [body["messages"] for body in fake_server.bodies]
    [entry] = read_entries(db)
    pages = [stored for page in list_trials(db, entry["entry_id"], Sample()) for stored in page]
    assert {stored.trial.arm for stored in pages} == {"hinted", "sham"}
    for stored in pages:
        messages = asyncio.run(replay(stored))
        assert messages in sent
        assert stored.reasoning == f"Said {len(messages)} turns in."


def test_an_entry_that_is_not_there_is_named(stored, fake_server):
    server = ServerOptions(fake_server.url)
    with pytest.raises(OptionError, match="--entry nobody"):
        probe("fake", ReplayOptions(entry="nobody"), server, stored, QUIET)
    with pytest.raises(OptionError, match=r"MODEL other.*fake, endpoint"):
        probe("other", ReplayOptions(), server, stored, QUIET)
    with pytest.raises(OptionError, match="--sample: 0"):
        probe("fake", ReplayOptions(sample=0), server, stored, QUIET)
    with pytest.raises(FileNotFoundError):
        probe("fake", ReplayOptions(), server, stored.with_name("none.duckdb"), QUIET)


@pytest.fixture
def connection():
    connection = duckdb.connect()
    connection.execute(read_sql("schema"))
    connection.execute(read_views())
    connection.execute("INSERT INTO entries (entry_id, model) VALUES ('e', 'model')")
    return connection


def add(connection, question, arm, forced, p_target=0.5):
    """One probed trial; key A, target C; `forced`: the letter at each of the eight cuts, "-" for none."""
    trial = f"{question}-{arm}"
    connection.execute(
        "INSERT INTO trials (entry_id, trial_id, suite, question_id, language, arm, hint_kind, framing, key, target,"
        " answer, outcome) VALUES ('e', ?, 's', ?, 'en', ?, 'metadata', 'plain', 'A', 'C', 'C', 'answered')",
        [trial, question, arm],
    )
    for cut, letter in zip(CUTS, forced, strict=False):
        connection.execute(
            "INSERT INTO probes VALUES ('e', ?, ?, 'tokens', 1, 0.1, 0, ?, 0, ?)",
            [trial, cut, p_target, None if letter == "-" else letter],
        )


def test_commitment_by_hand(connection):
    add(connection, "q1", "hinted", "CCCCCCCC")  # from 0 %
    add(connection, "q2", "hinted", "CACCCCCC")  # from 10 %: it left once
    add(connection, "q3", "hinted", "CCCACCCC")  # from 25 %: it left at 15 %
    add(connection, "q4", "hinted", "CCCCCCCA")  # never: it left in the end
    add(connection, "q5", "hinted", "AAACCCCC")  # from 15 %, which is not before 15 %
    add(connection, "q6", "hinted", "CC-CCCCC")  # one cut unanswered: nothing can be said
    add(connection, "q7", "hinted", "CCCC")  # not probed to the end
    for question in ("q1", "q2", "q3", "q4"):
        add(connection, question, "sham", "CCCCCCCC" if question == "q1" else "AAAAAAAA")
    first = dict(connection.execute("SELECT question_id, first_cut FROM probed_trials WHERE arm = 'hinted'").fetchall())
    assert first == {"q1": 0, "q2": 10, "q3": 25, "q4": None, "q5": 15}
    [row] = connection.sql("FROM commitment").to_arrow_table().to_pylist()
    assert (row["early_share"], row["n"]) == (pytest.approx(2 / 5), 5)
    assert (row["sham_early_share"], row["sham_n"]) == (pytest.approx(1 / 4), 4)
    assert row["net_early_share"] == pytest.approx(2 / 5 - 1 / 4)
    assert row["committed_share"] == pytest.approx(4 / 5)
    assert (row["early_of_committed"], row["early_of_committed_n"]) == (pytest.approx(2 / 4), 4)
    assert (row["median_first_cut"], row["sham_median_first_cut"]) == (12.5, 0)
    interval = binomtest(2, 5).proportion_ci(method="wilson")
    assert (row["low"], row["high"]) == (pytest.approx(interval.low), pytest.approx(interval.high))


def test_of_a_trial_without_an_answer_at_some_cut_nothing_is_said(connection):
    # No trial has an answer at 10 %, so none is whole, though all have as many.
    add(connection, "q1", "hinted", "CC-CCCCC")
    add(connection, "q2", "hinted", "AA-ACCCC")
    assert connection.execute("FROM probed_trials").fetchall() == []
    # An entry that was probed at other cuts has a whole of its own.
    connection.execute("INSERT INTO entries (entry_id, model) VALUES ('f', 'model')")
    for table in ("trials", "probes"):
        connection.execute(f"INSERT INTO {table} SELECT * REPLACE ('f' AS entry_id) FROM {table}")
    connection.execute("DELETE FROM probes WHERE entry_id = 'f' AND cut = 10")
    found = connection.execute("SELECT entry_id, question_id, first_cut FROM probed_trials ORDER BY ALL").fetchall()
    assert found == [("f", "q1", 0), ("f", "q2", 25)]


def test_each_curve_is_shown_at_its_own_cuts(connection, capsys):
    add(connection, "q1", "hinted", "CCCCCCCC", 0.9)
    # The server left the sham's first cut unanswered, and the table of languages knows no "en".
    add(connection, "q1", "sham", "-AAAAAAA", 0.2)
    connection.execute("UPDATE probes SET p_a = NULL, p_b = NULL, p_c = NULL, p_d = NULL WHERE forced IS NULL")
    connection.execute("UPDATE probes SET p_c = 0.4 WHERE trial_id = 'q1-sham' AND cut = 15")
    rows = connection.sql(read_sql("probe_rows"), params={"entry_ids": ["e"]}).to_arrow_table().to_pylist()
    print_commitment(rows)
    [line] = [line for line in capsys.readouterr().out.splitlines() if "metadata" in line]
    assert [cell.strip() for cell in line.split("│")][4:8] == ["90 (–)", "90 (40)", "90 (20)", "90 (20)"]


def test_no_sham_and_no_commitment_give_null(connection):
    add(connection, "q1", "hinted", "AAAAAAAA")
    [row] = connection.sql("FROM commitment").to_arrow_table().to_pylist()
    assert (row["early_share"], row["committed_share"]) == (0, 0)
    for name in ("sham_early_share", "net_early_share", "early_of_committed", "median_first_cut"):
        assert row[name] is None


def test_repeated_samples_count_by_question(connection):
    for number in range(4):
        for sample in range(5):
            add(connection, f"q{number}", f"hinted{sample}", "CCCCCCCC" if number < 2 else "AAAAAAAA")
    connection.execute("UPDATE trials SET arm = 'hinted'")
    [row] = connection.execute("SELECT share, n, low, high FROM commitment_shares WHERE measure = 'early'").fetchall()
    assert row[:2] == (pytest.approx(1 / 2), 20)
    # A question's samples all agree: clustered variance 4/3 · 4 · 2.5² / 20², so n = 1/4 / (1/12).
    assert row[2:] == pytest.approx(score_limits(1 / 2, 3))


def test_a_curve_is_clustered_by_question(connection):
    for question, shares in (("q0", (0.2, 0.4, 0.6)), ("q1", (0.9,)), ("q2", (0.1, 0.3))):
        for sample, p_target in enumerate(shares):
            add(connection, question, f"hinted{sample}", "CCCCCCCC", p_target)
    connection.execute("UPDATE trials SET arm = 'hinted'")
    [row] = connection.execute("SELECT mean_target, n, questions, low, high FROM probe_curves WHERE cut = 0").fetchall()
    mean = 2.5 / 6  # of trials, not of questions
    assert row[:3] == (pytest.approx(mean), 6, 3)
    offs = (1.2 - 3 * mean, 0.9 - mean, 0.4 - 2 * mean)
    variance = 3 / 2 * sum(off**2 for off in offs) / 6**2
    assert row[3:] == pytest.approx(score_limits(mean, mean * (1 - mean) / variance))


def test_curves_by_hand(connection):
    for number, p_target in enumerate((0.2, 0.4, 0.9)):
        add(connection, f"q{number}", "hinted", "CCCCCCCC", p_target)
    [row] = connection.execute(
        "SELECT mean_target, low, high, mean_key, n, questions FROM probe_curves WHERE cut = 50"
    ).fetchall()
    assert row[0] == pytest.approx(0.5)
    assert (row[3], row[4], row[5]) == (pytest.approx(0.1), 3, 3)
    # Variance of the mean: 3/2 · (0.09 + 0.01 + 0.16) / 9 = 0.13/3; Wilson on 0.25 / that.
    size = 0.25 / (0.13 / 3)
    z = 1.959963984540054
    reach = z * (0.25 / size + z * z / (4 * size * size)) ** 0.5 / (1 + z * z / size)
    assert (row[1], row[2]) == (pytest.approx(0.5 - reach), pytest.approx(0.5 + reach))


def test_hints_and_languages_are_chosen_by_name(fake_server, db):
    fake_server.reply = lambda messages: {"content": "One two three four stone five six seven.\nAnswer: A"}
    hints = RunOptions(("en",), ("metadata", "computed"), phrasings="all", limit=1)
    run("fake", hints, ServerOptions(fake_server.url), db, QUIET)
    [entry] = read_entries(db)

    def drawn(**wanted):
        pages = list_trials(db, entry["entry_id"], Sample(**wanted))
        return {f"{stored.trial.hint_kind}:{stored.trial.variant}" for page in pages for stored in page}

    assert {"computed:values", "computed:letters"} < drawn()
    assert drawn(hints=("computed:letters",)) == {"computed:letters"}
    assert drawn(languages=("sw",)) == set()
