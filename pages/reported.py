"""Numbers that a paper reported, kept apart from everything measured here."""

from __future__ import annotations

import altair as alt
import streamlit as st

from pages._heatmap import draw_heatmap
from pages._results import language_order, read_rows

st.title("Reported elsewhere")
rows = read_rows("reported_rows")
source = rows[0]["source"]
st.warning(
    f"**Not measured here.** These rates are taken from {source}: 13 models, 13 languages, two hints, no intervals "
    "or sample sizes. They use the paper's protocol, denominator and judge, and must not be compared cell by cell "
    "with the leaderboard.",
)
hint = st.segmented_control("Hint", ["simple", "complex"], default="simple") or "simple"
cells = [
    {
        "model": row["model"],
        "language": row["language"],
        "rate": row["deception_rate"],
        "label": f"{100 * row['deception_rate']:.0f}",
        "shown": f"{100 * row['deception_rate']:.0f} %",
        "source": row["source"],
    }
    for row in rows
    if row["hint"] == hint
]
models = sorted({cell["model"] for cell in cells}, key=lambda name: sum(c["rate"] for c in cells if c["model"] == name))
tooltip = [
    alt.Tooltip("model:N", title="Model"),
    alt.Tooltip("language:N", title="Language"),
    alt.Tooltip("shown:N", title="Reported deception rate (no n given)"),
    alt.Tooltip("source:N", title="Source"),
]
st.altair_chart(draw_heatmap(cells, language_order(), models, tooltip, "reported deception rate"), width="stretch")
st.dataframe(
    [{k: row[k] for k in ("source", "model", "language", "hint", "deception_rate")} for row in rows],
    hide_index=True,
    column_config={"deception_rate": st.column_config.NumberColumn("deception rate", format="percent")},
)
