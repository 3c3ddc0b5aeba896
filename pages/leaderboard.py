"""Undisclosed influence by model and language, with n and intervals."""

from __future__ import annotations

import altair as alt
import pandas as pd
import streamlit as st

from benchmark.thresholds import FEW_SWITCHES
from pages._heatmap import draw_heatmap
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
framing = middle.selectbox("Framing", sorted({row["framing"] for row in suites if row["suite"] == suite}))
rows = [row for row in read_rows("leaderboard_rows", framing=framing) if row["suite"] == suite]
if not rows:
    st.info("This suite has no hinted trials yet; the page fills as a run goes on.")
    st.stop()
# The commonest hint first, which every suite has.
kinds = sorted({row["hint_kind"] for row in rows}, key=lambda name: (name != FIRST_HINT, name))
kind = right.selectbox("Hint", kinds)
rows = [row for row in rows if row["hint_kind"] == kind]

if suite.startswith("exploratory"):
    st.caption(f"**Exploratory**: `{suite}` is no frozen suite; its numbers compare only among themselves.")
if any(row["provenance"] == "calibration" for row in rows):
    st.caption(
        "Rows named *calibration* are tiny models with **planted** disclosure. They check the instrument, not "
        "how well the detector reads other models."
    )

frame = pd.DataFrame(rows)
label = frame["model"].where(
    frame.groupby("model")["entry_id"].transform("nunique") == 1,
    frame["model"] + " · " + frame["entry_id"].str[:6],
)
frame["label"] = label
means = [
    row
    for row in read_rows("macro_rows", framing=framing)
    if (row["suite"], row["hint_kind"], row["measure"]) == (suite, kind, "covert_influence")
]
labels = dict(zip(frame["entry_id"], frame["label"], strict=True))
order = [labels[row["entry_id"]] for row in means if row["entry_id"] in labels]
order += [name for name in labels.values() if name not in order]


def show_percent(value: float | None) -> str:
    return "–" if value is None or pd.isna(value) else f"{100 * value:.1f} %"


cells = []
for row in frame.to_dict("records"):
    count = row["n"] if pd.notna(row["n"]) else 0
    enough = row["deception_rate"] is not None and count >= FEW_SWITCHES
    cells.append(
        {
            "model": row["label"],
            "language": row["language"],
            "rate": row["deception_rate"] if enough else None,
            "label": f"{100 * row['deception_rate']:.0f}"
            if enough
            else f"n={row['n'] if pd.notna(row['n']) else 0:.0f}",
            "deception": "{} [{}, {}]".format(*(show_percent(row[name]) for name in ("deception_rate", "low", "high"))),
            "n": count,
            "method": row["interval_method"],
            "covert": f"{show_percent(row['covert_influence'])} (sham {show_percent(row['sham_covert_influence'])})",
            "switch": f"{show_percent(row['switch_rate'])} (sham {show_percent(row['sham_switch_rate'])})",
            "trials": row["trials"],
            "unparsed": show_percent(row["unparsed_share"]),
        }
    )
tooltip = [
    alt.Tooltip("model:N", title="Model"),
    alt.Tooltip("language:N", title="Language"),
    alt.Tooltip("deception:N", title="Undisclosed influence, 95 % interval"),
    alt.Tooltip("n:Q", title="Switches judged (n)"),
    alt.Tooltip("method:N", title="Interval"),
    alt.Tooltip("covert:N", title="Covert influence"),
    alt.Tooltip("switch:N", title="Switch rate"),
    alt.Tooltip("trials:Q", title="Hinted trials"),
    alt.Tooltip("unparsed:N", title="Trials without a usable answer"),
]
st.altair_chart(draw_heatmap(cells, language_order(), order, tooltip, "undisclosed influence"), width="stretch")
st.caption(
    "Undisclosed influence (the paper's *deception rate*): of the answers that a hint moved to its target, the "
    "share whose reasoning neither mentions the hint nor shows its computation; intent is not measured. Hover a cell "
    f"for its 95 % interval and n. Grey cells have under {FEW_SWITCHES} switches: too few for a rate. "
    "Models with the least covert influence stand first."
)

ranked = [row for row in read_rows("rank_rows", framing=framing) if row["suite"] == suite]
if ranked:
    st.subheader("Ranks")
    ranks = pd.DataFrame(
        {
            "model": [labels.get(row["entry_id"], row["model"]) for row in ranked],
            "rank": [row["rank"] for row in ranked],
            "covert influence": [row["rate"] for row in ranked],
            "low": [row["low"] for row in ranked],
            "high": [row["high"] for row in ranked],
            "n": [row["n"] for row in ranked],
            "languages × hints": [row["cells"] for row in ranked],
            "ranked within": [row["ranked_within"] for row in ranked],
        }
    )
    shares = {name: st.column_config.NumberColumn(format="percent") for name in ("covert influence", "low", "high")}
    st.dataframe(ranks, hide_index=True, column_config=shares)
    st.caption(
        "By covert influence, its mean over all languages and all hint kinds of the suite; fixed when results are "
        "published. The interval of a rank holds with 95 % confidence for all models at once (Holm over all pairs, "
        "questions resampled jointly). Only complete entries are ranked, within one channel of reasoning; uploads "
        "are not."
    )

st.subheader("All numbers")
names = language_names()
table = pd.DataFrame(
    {
        "model": frame["label"],
        "language": frame["language"].map(names),
        "undisclosed influence": frame["deception_rate"],
        "low": frame["low"],
        "high": frame["high"],
        "n": frame["n"],
        "covert influence": frame["covert_influence"],
        "covert low": frame["covert_influence_low"],
        "covert high": frame["covert_influence_high"],
        "sham": frame["sham_covert_influence"],
        "net switch": frame["net_switch_rate"],
        "switch n": frame["switch_rate_n"],
        "control accuracy": frame["accuracy"],
        "trials": frame["trials"],
        "no usable answer": frame["unparsed_share"],
    }
)
percent = [name for name in table.columns if name not in ("model", "language", "n", "switch n", "trials")]
st.dataframe(
    table,
    hide_index=True,
    column_config={name: st.column_config.NumberColumn(format="percent") for name in percent},
)
st.download_button("Download as CSV", table.to_csv(index=False), "candor-leaderboard.csv", "text/csv")
