"""One trial at a time: control, sham and hinted reasoning side by side, evidence marked."""

from __future__ import annotations

import html
import json
from typing import Any

import streamlit as st

from benchmark.faces import name_entries
from benchmark.transcript import MODEL, PEER, PROMPT, Turn, read_transcript
from pages._results import language_names, language_order, read_rows

ARM_TITLES = {"control": "Control: no hint", "sham": "Sham: same shape, points nowhere", "hinted": "Hinted"}
STYLE = """
<style>
.candor-text {white-space: pre-wrap; overflow-wrap: anywhere; line-height: 1.55; padding: .6rem .8rem;
  border: 1px solid rgba(128,128,128,.35); border-radius: .5rem; max-height: 26rem; overflow-y: auto}
.candor-text mark {background: #ffd54f; color: #212121; padding: 0 .1em; border-radius: .2em}
</style>
"""


def mark_spans(text: str, spans: list[list[int]] | None) -> str:
    """Escaped HTML with the evidence spans marked; model output is untrusted text."""
    pieces, position = [], 0
    for first, last in sorted(spans or []):
        start, end = max(first, position), min(last, len(text))
        if start >= end:
            continue
        pieces += [html.escape(text[position:start]), "<mark>", html.escape(text[start:end]), "</mark>"]
        position = end
    return "".join([*pieces, html.escape(text[position:])])


def show_text(text: str, spans: list[list[int]] | None = None) -> None:
    st.html(f'{STYLE}<div class="candor-text" dir="auto">{mark_spans(text, spans) or "&nbsp;"}</div>')


def describe(row: dict[str, Any]) -> str:
    if row["answer"] is None:
        moved = "no answer found"
    elif row["answer"] == row["target"]:
        moved = f"answer **{row['answer']}** (the target)"
    else:
        moved = f"answer **{row['answer']}**"
    right = " · right" if row["answer"] == row["key"] else ""
    outcome = "" if row["outcome"] == "answered" else f" · {row['outcome']}"
    return moved + right + outcome


def describe_verdict(row: dict[str, Any]) -> str:
    if row["disclosed"] is None:
        return "not judged"
    said = "disclosed" if row["disclosed"] else "not disclosed"
    details = [name for name in ("mentions", "derives") if row[name]]
    if row["mentions"]:
        details.append(f"relies: {row['relies']}")
    return f"{said}" + (f" ({', '.join(details)})" if details else "")


WRITERS = {PROMPT: "written by the plan", MODEL: "written by the model", PEER: "written by a second copy of the model"}
ROLES = {"user": "User", "assistant": "Assistant", "system": "System"}


def show_turn(turn: Turn) -> None:
    judged = " · **judged**" if turn.judged else ""
    with st.chat_message(turn.role):
        st.caption(f"{ROLES.get(turn.role, turn.role)}, {WRITERS[turn.writer]}{judged}")
        if turn.reasoning:
            show_text(turn.reasoning)
        show_text(turn.content)


def describe_turns(row: dict[str, Any]) -> str:
    """What the pledge said, and at which turn of a debate the answer was judged."""
    parts = []
    if row["pledge"]:
        parts.append(f"promised to say so: {row['pledge']}")
    if row["turn"] is not None:
        parts.append(
            f"answer moved at turn {row['turn']}"
            if row["answer"] == row["target"]
            else f"{row['turn']} turns, not moved"
        )
    return " · ".join(parts)


st.title("Transcripts")
every = read_rows("app_suites")
suites = sorted({row["suite"] for row in every})
if not suites:
    st.info("No trials yet. `make demo` or `candor run MODEL` makes some.")
    st.stop()
first, second, third, fourth, fifth = st.columns(5)
suite = first.selectbox("Suite", suites)
framings = [row["framing"] for row in every if row["suite"] == suite]
entries: dict[str, dict[str, Any]] = {}
for row in read_rows("app_entries"):
    if row["suite"] == suite:
        entries.setdefault(row["entry_id"], row)  # one row a framing; the first decides
entry_names = name_entries(list(entries.values()))
entry_id = second.selectbox("Model", list(entry_names), format_func=lambda key: entry_names[key])
cells = [
    row
    for framing in framings
    for row in read_rows("leaderboard_rows", framing=framing)
    if row["entry_id"] == entry_id and row["suite"] == suite
]
if not cells:
    st.info("This model has no hinted trials yet.")
    st.stop()
names = language_names()
languages = [code for code in language_order() if any(cell["language"] == code for cell in cells)]
language = third.selectbox("Language", languages, format_func=lambda code: names[code])
kinds = sorted(
    {cell["hint_kind"] for cell in cells if cell["language"] == language}, key=lambda k: (k != "metadata", k)
)
kind = fourth.selectbox("Hint", kinds)
present = {cell["framing"] for cell in cells if cell["hint_kind"] == kind and cell["language"] == language}
framing = fifth.selectbox("Framing", [name for name in framings if name in present])
trials = read_rows(
    "app_transcripts", entry_id=entry_id, suite=suite, framing=framing, language=language, hint_kind=kind
)
only = st.segmented_control("Show", ["all", "took the target", "target, undisclosed"], default="all")
if only == "took the target":
    trials = [trial for trial in trials if trial["answer"] == trial["target"]]
elif only == "target, undisclosed":
    trials = [t for t in trials if t["answer"] == t["target"] and t["disclosed"] is False]
if not trials:
    st.info("No such trial in this cell.")
    st.stop()
by_id = {trial["trial_id"]: trial for trial in trials}


def label(trial_id: str) -> str:
    trial = by_id[trial_id]
    verdict = {True: "disclosed", False: "undisclosed", None: "not judged"}[trial["disclosed"]]
    return (
        f"{trial['question_id']} · {trial['variant']} {trial['phrasing']} · target {trial['target']} · "
        f"answer {trial['answer'] or '–'} · {verdict}"
    )


chosen = st.selectbox(f"Trial ({len(trials)})", list(by_id), format_func=label)
arms = read_rows("app_arms", entry_id=entry_id, trial_id=chosen)
hinted = next(row for row in arms if row["arm"] == "hinted")
st.markdown(f"Right option **{hinted['key']}** · hint points to **{hinted['target']}**")
shown_options = (f"{letter}) {text}" for letter, text in zip("ABCDEFGHIJ", hinted["options"], strict=False))
show_text("\n".join([hinted["question"], *shown_options]))
for column, row in zip(st.columns(len(arms)), arms, strict=True):
    with column:
        st.subheader(ARM_TITLES[row["arm"]])
        st.markdown(describe(row))
        if row["arm"] != "control":
            st.caption(f"Reasoning: {describe_verdict(row)} · {row['detector']} · language {row['reasoning_language']}")
        else:
            st.caption("Reasoning: nothing to disclose")
        if turns := describe_turns(row):
            st.caption(turns)
        if row["hint_text"]:
            show_text(row["hint_text"])
        show_text(row["reasoning"] or "(no reasoning)", row["evidence"])
        messages, generated = json.loads(row["messages"]), json.loads(row["turns"] or "null")
        conversation = read_transcript(messages, generated, row["reasoning"], row["content"], row["arm"])
        with st.expander(f"Whole conversation, {len(conversation)} turns", expanded=row["turn"] is not None):
            for turn in conversation:
                show_turn(turn)
