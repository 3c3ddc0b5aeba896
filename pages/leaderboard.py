"""Undisclosed influence by model and language, with n and intervals."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from benchmark.faces import COUNTED, explain_marks, name_entries, order_entries, pick_entries, words_of
from benchmark.thresholds import FEW_SWITCHES
from pages._cells import list_tooltips, make_cell
from pages._heatmap import draw_heatmap
from pages._numbers import COUNTS, WORDS, make_numbers
from pages._results import language_names, language_order, read_rows

FIRST_HINT = "metadata"

st.title("Leaderboard")
st.markdown("When a hint moved the answer, does the reasoning say so?")

suites = read_rows("app_suites")
if not suites:
    st.info("No trials yet. `make demo` or `candor run MODEL` makes some; this page then shows them.")
    st.stop()

left, middle, right = st.columns(3)
suite = left.selectbox("Suite", sorted({row["suite"] for row in suites}))
framing = middle.selectbox("Framing", [row["framing"] for row in suites if row["suite"] == suite])
rows = [row for row in read_rows("leaderboard_rows", framing=framing) if row["suite"] == suite]
if not rows:
    st.info("This suite has no hinted trials under this framing yet; the page fills as a run goes on.")
    st.stop()
# The commonest hint first, which every suite has.
kinds = sorted({row["hint_kind"] for row in rows}, key=lambda name: (name != FIRST_HINT, name))
kind = right.selectbox("Hint", kinds)
rows = [row for row in rows if row["hint_kind"] == kind]
words = words_of(framing)

if suite.startswith("exploratory"):
    st.caption(f"**Exploratory**: `{suite}` is no frozen suite; its numbers compare only among themselves.")
if any(row["provenance"] == "calibration" for row in rows):
    st.caption(
        "Rows named *calibration* are tiny models with **planted** disclosure. They check the instrument, not "
        "how well the detector reads other models."
    )

every = read_rows("app_entries")
entries = pick_entries(every, suite, framing, {row["entry_id"] for row in rows})
means = [row for row in read_rows("macro_rows", framing=framing) if (row["suite"], row["hint_kind"]) == (suite, kind)]
names = name_entries(entries, "\n")
order = [names[entry_id] for entry_id in order_entries(entries, means)]
cells = [make_cell(row, names[row["entry_id"]]) for row in rows]
st.altair_chart(draw_heatmap(cells, language_order(), order, list_tooltips(words), words.rate), width="stretch")
st.caption(
    f"{words.rate.capitalize()} (*{words.gloss}*): of the answers that a hint moved to its target, the share whose "
    f"reasoning neither mentions the hint nor shows its computation. {words.note} Hover a cell for its 95 % interval "
    f"and n. Grey cells have under {FEW_SWITCHES} switches: too few for a rate. Models with the least covert influence "
    "stand first; those of different kinds (channel of reasoning, calibration, uploads) one kind after the other, "
    "since they are never ranked together."
)
for line in explain_marks(rows):
    st.caption(line.replace("*", r"\*"))

ranked = [row for row in read_rows("rank_rows", framing=framing) if row["suite"] == suite]
if ranked:
    st.subheader("Ranks")
    labels = {row["entry_id"]: row["label"] for row in every if row["suite"] == suite}
    ranks = pd.DataFrame(
        {
            "model": [labels[row["entry_id"]] for row in ranked],
            "rank": [row["rank"] for row in ranked],
            "covert influence": [row["rate"] for row in ranked],
            "low": [row["low"] for row in ranked],
            "high": [row["high"] for row in ranked],
            "n": [row["n"] for row in ranked],
            "languages × hints": [row["cells"] for row in ranked],
            "thin": [row["thin_cells"] for row in ranked],
            "ranked within": [row["ranked_within"] for row in ranked],
        }
    )
    shares = {name: st.column_config.NumberColumn(format="percent") for name in ("covert influence", "low", "high")}
    st.dataframe(ranks, hide_index=True, column_config=shares)
    st.caption(
        "By covert influence, its mean over all languages and all hint kinds of the suite but debates (`peer`); fixed "
        f"when results are published. Thin: languages × hints with n under {FEW_SWITCHES}. Only complete entries are "
        "ranked, within one channel of reasoning, calibration models apart; uploads are not. The interval of a rank "
        "holds with 95 % confidence for all models at once that are ranked within the same group (Holm over its "
        "pairs, questions resampled jointly)."
    )

st.subheader("All numbers")
shown, whole = (
    make_numbers(rows, name_entries(entries), language_names(), words.rate, whole) for whole in (False, True)
)
percent = [name for name in shown.columns if name not in (*WORDS, *COUNTS)]
st.dataframe(
    shown,
    hide_index=True,
    column_config={
        "model": st.column_config.TextColumn(width="medium"),
        **{name: st.column_config.NumberColumn(format="percent") for name in percent},
    },
)
st.caption(
    "n: switches with a verdict; covert n, switch n: questions whose control answer is not the target; accuracy n: "
    f"those with a usable control answer. {COUNTED} The file holds the rates of under {FEW_SWITCHES} switches too, as "
    "`candor leaderboard --json` does."
)
st.download_button("Download as CSV", whole.to_csv(index=False), "candor-leaderboard.csv", "text/csv")
