"""Judging again what is stored: nothing is lost, the old verdicts stay, the views go by the chosen ones."""

import re

import pytest
from rich.console import Console

from benchmark.detector import Case, Detector, UnknownDetector, Verdict, choose_detector
from benchmark.rejudging import go_by, judge_stored
from benchmark.store import query
from candor.detecting import DetectorOptions
from candor.plan import OptionError, RunOptions
from candor.rejudge import rejudge
from candor.run import ServerOptions, run

QUIET = Console(quiet=True)
HINTED = "hint_kind IS NOT NULL AND arm <> 'control'"


@pytest.fixture
def stored(fake_server, db):
    """Six hinted and six sham trials, half of them answered with the target by a model that names the tag."""
    fake_server.reply = lambda messages: {"content": "The tag under the question says B, so B.\nAnswer: B"}
    run(
        "fake",
        RunOptions(languages=("en", "sw"), hints=("metadata",), limit=3),
        ServerOptions(fake_server.url),
        db,
        QUIET,
    )
    return db


def count(db, where="true"):
    [row] = query(db, f"SELECT count(*) AS n FROM verdicts WHERE {where}").to_pylist()
    return row["n"]


def test_a_run_leaves_no_response_unjudged(stored):
    [trials] = query(stored, f"SELECT count(*) AS n FROM trials WHERE {HINTED}").to_pylist()
    assert count(stored) == count(stored, "current") == trials["n"] == 12


def test_rejudging_keeps_the_old_verdicts(stored):
    rejudge(stored, DetectorOptions("similarity"), None)
    assert count(stored) == 24
    assert count(stored, "current AND detector LIKE 'similarity%'") == 12
    rejudge(stored, DetectorOptions("similarity"), None)
    assert count(stored) == 24
    rejudge(stored, DetectorOptions("cascade"), None)
    assert count(stored) == 24
    assert count(stored, "current AND detector LIKE 'cascade%'") == 12


def test_the_target_is_judged_first_and_a_crash_loses_a_round(stored, monkeypatch):
    monkeypatch.setattr("benchmark.rejudging.ROUND", 4)
    order = []

    def judge_cases(cases):
        for case in cases:
            order.append(case.answer == case.target)
            if len(order) == 7:
                raise KeyboardInterrupt
            yield Verdict(False, False, "n/a", 1.0, (), "en", "odd")

    with pytest.raises(KeyboardInterrupt):
        judge_stored(stored, Detector("odd", judge_cases))
    assert order == sorted(order, reverse=True)
    go_by(stored, "odd")
    assert count(stored, "detector = 'odd'") == 4
    assert judge_stored(stored, Detector("odd", judge_cases)) == 8


def test_all_rounds_are_one_stream(stored, monkeypatch):
    """A detector starts its processes once a stream."""
    monkeypatch.setattr("benchmark.rejudging.ROUND", 4)
    streams, rounds = [], []

    def judge_cases(cases):
        streams.append(0)
        for _ in cases:
            streams[-1] += 1
            yield Verdict(False, False, "n/a", 1.0, (), "en", "odd")

    assert judge_stored(stored, Detector("odd", judge_cases), on_round=rounds.append) == 12
    assert rounds == [4, 8, 12]
    assert [judged for judged in streams if judged] == [12]


def test_processes_judge_what_is_stored_as_one_does(stored, monkeypatch):
    monkeypatch.setattr("benchmark.rejudging.ROUND", 5)
    detector = choose_detector("rules", jobs=2)
    assert judge_stored(stored, detector) == 12
    go_by(stored, detector.name)
    assert count(stored, "current AND mentions") == 12


def test_unknown_names_are_refused(stored):
    with pytest.raises(UnknownDetector, match="Known: cascade"):
        rejudge(stored, DetectorOptions("oracle"), None)
    with pytest.raises(OptionError, match="--entry 'nobody'"):
        rejudge(stored, DetectorOptions("rules"), "nobody")
    with pytest.raises(UnknownDetector, match="--judge-endpoint"):
        rejudge(stored, DetectorOptions("judge"), None)
    with pytest.raises(OptionError, match="go together"):
        rejudge(stored, DetectorOptions("judge", judge_endpoint="http://localhost:1/v1"), None)


def test_several_processes_say_the_same_in_the_same_order():
    cases = [
        Case("en", "metadata", "<answer>C</answer>", "C", f"{n} things. The tag says C." * (n % 3), "C")
        for n in range(40)
    ]
    one, two = (list(choose_detector("rules", jobs=jobs).judge_cases(iter(cases))) for jobs in (1, 2))
    assert one == two


def test_rows_before_a_bad_one_are_judged_by_processes_too():
    def read():
        for _ in range(20):
            yield Case("en", "metadata", "<answer>C</answer>", "C", "The tag says C.", "C")
        raise ValueError("line 21")

    seen = []
    with pytest.raises(ValueError, match="line 21"):
        for verdict in choose_detector("rules", jobs=2).judge_cases(read()):
            seen.append(verdict)
    assert len(seen) == 20


LONGER = RunOptions(languages=("en", "sw"), hints=("metadata",), limit=5)


def run_on(fake_server, db, console=QUIET):
    """The same run with more questions: four more hinted and four more sham trials."""
    run("fake", LONGER, ServerOptions(fake_server.url), db, console)


def list_current(db):
    rows = query(db, "SELECT DISTINCT detector FROM verdicts WHERE current").to_pylist()
    return sorted(row["detector"].partition("-")[0] for row in rows)


def test_a_run_stays_with_the_chosen_detector(stored, fake_server, capsys):
    rejudge(stored, DetectorOptions("rules"), None)
    run_on(fake_server, stored, Console(width=200))
    assert list_current(stored) == ["rules"]
    assert count(stored, "current") == 20
    assert count(stored, "detector LIKE 'cascade%'") == 20
    assert "go by rules-" in capsys.readouterr().out
    rejudge(stored, DetectorOptions("cascade"), None)
    run_on(fake_server, stored)
    assert list_current(stored) == ["cascade"]


def test_while_a_run_goes_on_no_other_verdicts_stand_beside_the_chosen(stored, fake_server, monkeypatch):
    rejudge(stored, DetectorOptions("rules"), None)
    monkeypatch.setattr("candor.run._judge_rest", lambda *_: None)  # as if it were killed before

    def follow(messages):
        tag = re.search("<answer>(.)</answer>", messages[-1]["content"])
        return {"content": f"The tag says so.\nAnswer: {tag[1] if tag else 'A'}"}

    fake_server.reply = follow
    run_on(fake_server, stored)
    assert list_current(stored) == ["rules"]
    assert count(stored, "detector LIKE 'cascade%'") > 12


def test_where_the_chosen_judge_is_out_of_reach_new_responses_wait_for_it(stored, fake_server, capsys):
    told = Detector("judge-1-some/model", lambda cases: (Verdict(True, False, "yes", 1.0, (), "en", "") for _ in cases))
    judge_stored(stored, told)
    assert list_current(stored) == ["cascade"], "the views go over to it all at once"
    go_by(stored, told.name)
    run_on(fake_server, stored, Console(width=400))
    assert "judge-1-some/model" in (said := capsys.readouterr().out)
    assert "8 responses enter them when that command is given again" in said
    assert list_current(stored) == ["judge"]
    assert count(stored, "detector LIKE 'cascade%'") == 20
    judge_stored(stored, told)
    go_by(stored, told.name)
    run_on(fake_server, stored, Console(width=400))
    assert "enter them" not in capsys.readouterr().out
    assert count(stored, "current") == 20


def test_a_newer_version_of_the_default_detector_takes_its_place(stored, fake_server, monkeypatch):
    monkeypatch.setattr("benchmark.detector.cascade.DETECTOR_VERSION", "99")
    run_on(fake_server, stored)
    assert count(stored, "current AND detector LIKE 'cascade-99-%'") == count(stored, "current") == 20


def test_another_entry_keeps_its_own_detector(stored, fake_server):
    rejudge(stored, DetectorOptions("rules"), None)
    fake_server.model = "other"
    run("other", LONGER, ServerOptions(fake_server.url), stored, QUIET)
    rows = query(stored, "SELECT DISTINCT model, detector FROM verdicts JOIN entries USING (entry_id) WHERE current")
    assert {row["model"]: row["detector"].partition("-")[0] for row in rows.to_pylist()} == {
        "fake": "rules",
        "other": "cascade",
    }
