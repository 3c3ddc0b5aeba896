"""Label the drawn trials of an audit, one at a time and blind; and read what the labels say of the rates.

Unlike the other pages this one writes, and only this: a labeller's lines in the folder of the audit
(`<db>.d/audits/<name>/`), through `benchmark.auditing`. It never touches the results file. Trial texts
are untrusted: they are shown as plain text, never as HTML or Markdown.
"""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from benchmark.auditing import (
    COMPUTED,
    RELIES,
    Audit,
    AuditError,
    Item,
    Label,
    add_labels,
    instruct,
    list_audits,
    list_rates,
    make_label,
    name_entries,
    read_audit,
    read_labels,
    report_audit,
)
from benchmark.prompts import list_options
from pages._results import DB, language_names

ANSWERS = {"yes": True, "no": False, "cannot tell": None}
WORDS = {answer: word for word, answer in ANSWERS.items()}
RATES = {"naive": "verdicts", "label": "labels", "powered": "powered", "rogan_gladen": "Rogan–Gladen"}


def show_plain(title: str, text: str) -> None:
    st.caption(title)
    with st.container(border=True):
        st.text(text)


def show_item(item: Item) -> None:
    shown = item.shown
    show_plain("Question", f"{shown['question']}\n{list_options(tuple(shown['options']))}")
    show_plain("The hint beside it", shown["hint_text"] or "")
    st.text(f"The hint points to {shown['target']}; the model answered {shown['answer']}.")
    show_plain("The model's reasoning", shown["reasoning"] or "(none)")


def choose_item(items: list[Item], known: dict[str, Label], key: str) -> Item:
    """The trial to show: where the labeller went, else the first that is not labelled yet."""
    first = next((number for number, item in enumerate(items, 1) if item.item not in known), 1)
    place = st.session_state.setdefault(key, first)
    left, right = st.columns([1, 5], vertical_alignment="bottom")
    number = left.number_input("Trial", 1, len(items), min(place, len(items)))
    right.progress(
        sum(item.item in known for item in items) / len(items),
        f"{sum(item.item in known for item in items)} of {len(items)} labelled",
    )
    st.session_state[key] = number
    return items[number - 1]


def ask(item: Item, old: Label | None, key: str) -> Label | None:
    """The form under a trial; the label once it is sent."""
    kind = item.shown["hint_kind"]
    with st.form(f"{key}:{item.item}", border=False):
        columns = st.columns(3)
        given = {"mentions": old.mentions, "derives": old.derives} if old else {}
        said: dict[str, str | None] = {}
        for column, asked in zip(columns, ("mentions", "derives") if kind == COMPUTED else ("mentions",), strict=False):
            index = list(ANSWERS).index(WORDS[given[asked]]) if asked in given else None
            said[asked] = column.radio(asked, list(ANSWERS), index=index, key=f"{asked}:{key}:{item.item}")
        index = RELIES.index(old.relies) if old and old.relies else None
        relies = columns[2].radio("relies (if it mentions one)", RELIES, index=index, key=f"relies:{key}:{item.item}")
        note = st.text_input("Note", old.note if old else "", key=f"note:{key}:{item.item}", max_chars=500)
        if not st.form_submit_button("Save and go on", type="primary"):
            return None
    if missing := [asked for asked, word in said.items() if word is None]:
        st.warning(f"Say yes, no or cannot tell for: {', '.join(missing)}.")
        return None
    derives = ANSWERS[str(said["derives"])] if kind == COMPUTED else False
    return make_label(item.item, kind, ANSWERS[str(said["mentions"])], derives, relies, note)


def label_trials(audit: Audit) -> None:
    names = language_names()
    left, right = st.columns(2)
    labeller = left.text_input(
        "Your name", key="labeller", max_chars=40, placeholder="letters, digits, - and _"
    ).strip()
    present = sorted({item.shown["language"] for item in audit.items})
    languages = right.multiselect("Languages you read", present, format_func=lambda code: names.get(code, code))
    if not labeller:
        st.info("Say who you are; then the first trial appears.")
        return
    items = [item for item in audit.items if not languages or item.shown["language"] in languages]
    known = read_labels(audit).get(labeller, {})
    key = f"{audit.name}:{labeller}:{','.join(languages)}"
    item = choose_item(items, known, f"place:{key}")
    with st.expander("What counts", expanded=not known):
        st.text(instruct(item.shown["hint_kind"]))
    show_item(item)
    if item.item in known:
        st.caption("You have labelled this one; what you save now takes its place.")
    label = ask(item, known.get(item.item), key)
    if label is None:
        return
    try:
        add_labels(audit, labeller, [label])
    except AuditError as error:
        st.error(str(error))
        return
    st.session_state[f"place:{key}"] = next_place(items, {*known, item.item}, item)
    st.rerun()


def next_place(items: list[Item], done: set[str], item: Item) -> int:
    """Number, from 1, of the next trial without a label, after this one if there is one."""
    here = items.index(item)
    order = [*range(here + 1, len(items)), *range(here + 1)]
    return next((number for number in order if items[number].item not in done), min(here + 1, len(items) - 1)) + 1


@st.cache_data(max_entries=16, show_spinner="Working out the estimates …")
def make_report(name: str, state: tuple[Any, ...]) -> dict[str, Any]:
    """The report; `state` changes with the results and the labels."""
    return report_audit(DB, name)


def show_report(audit: Audit) -> None:
    files = sorted(audit.folder.glob("labels-*.jsonl"))
    if not files:
        st.info("Nobody has labelled a trial yet.")
        return
    made = make_report(audit.name, (str(DB.resolve()), *((path.name, path.stat().st_size) for path in files)))
    counts = made["labels"]
    st.caption(
        f"{counts['drawn']} of {made['trials']} switched trials drawn; {counts['used']} labels used, "
        f"{counts['disputed']} disputed, {counts['unclear']} unclear, {counts['unread']} unread. "
        f"{made['newer_trials']} trials are newer than the draw and not covered."
    )
    by, names = made["design"]["by"], name_entries(made)
    st.dataframe(pd.DataFrame([show_rates(row, by, names) for row in list_rates(made)]), hide_index=True)
    st.caption(
        "Undisclosed influence among switched answers, with 95 % intervals: by the detector's verdicts; by labels "
        "alone; prediction-powered (both together); corrected by Rogan–Gladen where Se + Sp − 1 ≥ .5."
    )
    st.subheader("The detector on these trials")
    st.dataframe(pd.DataFrame([show_errors(row, by, names) for row in made["detector"]]), hide_index=True)
    for test in made["equal_sensitivity"]:
        found = test["why"] if test["p"] is None else f"p = {test['p']:.3g} over {test['languages']} languages"
        where = ", ".join(cell_of(test, [name for name in by if name != "language"], names).values())
        st.text(f"Equal sensitivity over languages ({where}): {found}")
    if made["agreement"]:
        st.subheader("Agreement of the labellers")
        st.dataframe(pd.DataFrame(made["agreement"]), hide_index=True)


def cell_of(row: dict[str, Any], by: list[str], names: dict[str, str]) -> dict[str, str]:
    """Where a row of the report belongs."""
    whole = f"all ({row['cells_labelled']} of {row['cells']} cells)" if "cells" in row else ""
    return {"model": names[row["entry_id"]], "suite": row["suite"], **{name: row.get(name, whole) for name in by}}


def show_rates(row: dict[str, Any], by: list[str], names: dict[str, str]) -> dict[str, Any]:
    return {
        **cell_of(row, by, names),
        **{heading: show_rate(row, name) for name, heading in RATES.items()},
        "verdicts n": row["naive_n"], "labels n": row["labels"],
    }  # fmt: skip


def show_errors(row: dict[str, Any], by: list[str], names: dict[str, str]) -> dict[str, Any]:
    rates = {
        key: value
        for name in ("sensitivity", "specificity")
        for key, value in ((name, show_rate(row, name)), (f"{name} n", row[f"{name}_labels"]))
    }
    return cell_of(row, list(dict.fromkeys([*by, "language"])), names) | rates


def show_rate(row: dict[str, Any], name: str) -> str:
    rate, low, high = (row.get(key) for key in (name, f"{name}_low", f"{name}_high"))
    if rate is None:
        return "–"
    shown = f"{100 * min(max(rate, 0.0), 1.0):.1f} %"
    return shown if low is None or high is None else f"{shown} [{100 * low:.1f}, {100 * high:.1f}]"


st.title("Audit")
st.markdown("People read a random sample of switched answers; their labels correct the detector's rates.")
audits = list_audits(DB)
if not audits:
    st.info("No audit has been drawn. `candor audit draw -o sheet.csv` draws one from the switched trials.")
    st.stop()
chosen = st.selectbox("Audit", audits) if len(audits) > 1 else audits[0]
audit = read_audit(DB, chosen)
labelling, reporting = st.tabs(["Label", "Report"], key="view", on_change="rerun")
if labelling.open:
    with labelling:
        label_trials(audit)
if reporting.open:
    with reporting:
        st.caption("Labellers: finish first. What the detector thinks should not guide what you read.")
        show_report(audit)
