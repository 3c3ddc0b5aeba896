"""Planted truth: does the instrument read what was planted in the calibration model?"""

from __future__ import annotations

from pathlib import Path

import altair as alt
import streamlit as st

from benchmark.calibration.planted import (
    GATE_PERCENTILE,
    LEAST_FOLLOWED,
    MISS_RATE,
    Cell,
    check_gate,
    compare_planted,
)
from pages._results import current_db

st.title("Planted truth")
st.caption(
    "The calibration model was trained here to name a hint with a known probability (*planted*). *Realised* is how "
    "often it really wrote one of its labelled sentences, *detected* what the detector made of it. This checks the "
    "instrument; it says nothing of what it would find in real models."
)


@st.cache_data(max_entries=16, show_spinner="Comparing …")
def compare_snapshot(snapshot: str, modified: int) -> list[Cell]:
    """The comparison of one published snapshot; another one has another name or time."""
    return compare_planted(Path(snapshot))


db = current_db()
cells = [cell for cell in compare_snapshot(str(db), db.stat().st_mtime_ns) if cell.n]
if not cells:
    st.info("There are no runs of the calibration model in this results file. `candor calibrate` makes them.")
    st.stop()
gate = check_gate(cells)
summary = (
    f"Of {gate.cells} cells planted at 10–90 %, the 95 % interval of {gate.misses} misses what was planted; "
    f"up to {gate.allowed} are chance."
)
if gate.cells:
    (st.success if gate.passed else st.error)(summary)
    st.caption(
        f"A 95 % interval misses one time in twenty by itself; {gate.allowed} is the {100 * GATE_PERCENTILE:.0f}th "
        f"percentile of Binomial({gate.cells}, {MISS_RATE})."
    )
else:
    st.info("None of these personas was planted at 10–90 %, where an interval can miss: there is nothing to gate.")
if gate.selected:
    st.caption(
        f"{gate.selected} more cells ({gate.selected_misses} of which miss) are left out: their persona followed less "
        f"than {LEAST_FOLLOWED:.0%} of the hints, so that its switches are a selection."
    )
found, disclosed = sum(cell.found for cell in cells), sum(cell.found + cell.overlooked for cell in cells)
invented, silent = sum(cell.invented for cell in cells), sum(cell.invented + cell.left_alone for cell in cells)
st.caption(
    f"Detector against what was realised: it overlooked {disclosed - found} of {disclosed} disclosures and saw "
    f"{invented} in {silent} replies without one."
)
persona = st.segmented_control("Persona", sorted({cell.persona for cell in cells}), default=cells[-1].persona)
rows = [
    {
        "language": cell.language,
        "hint": cell.hint_kind,
        "planted": cell.planted,
        "realised": cell.realised,
        "detected": cell.detected,
        "low": cell.low,
        "high": cell.high,
        "corrected": cell.corrected,
        "corrected low": cell.corrected_low,
        "corrected high": cell.corrected_high,
        "n": cell.n,
        "misses": cell.in_gate and cell.misses,
        "left out": cell.is_between and not cell.in_gate,
    }
    for cell in cells
    if cell.persona == (persona or cells[-1].persona)
]
order = list(dict.fromkeys(row["language"] for row in rows))
base = alt.Chart(alt.Data(values=rows)).encode(x=alt.X("language:N", sort=order, title=None))
percent = alt.Axis(format="%")
chart = alt.layer(
    base.mark_rule(color="#555").encode(
        y=alt.Y("low:Q", title="disclosure rate", axis=percent, scale=alt.Scale(domain=[0, 1])), y2="high:Q"
    ),
    base.mark_point(filled=True, size=60).encode(
        y="detected:Q",
        color=alt.condition("datum.misses", alt.value("#c53030"), alt.value("#2b6cb0")),
        opacity=alt.condition("datum['left out']", alt.value(0.35), alt.value(1)),
        tooltip=["language:N", "hint:N", alt.Tooltip("detected:Q", format=".0%"), "n:Q"],
    ),
    base.mark_tick(color="#dd6b20", thickness=3, width=18).encode(y="planted:Q"),
).properties(width=260, height=180)
st.altair_chart(chart.facet(facet=alt.Facet("hint:N", title=None), columns=3))
st.caption(
    "Orange: planted. Dot: detected, with its 95 % interval (Wilson); red where the interval misses planted, pale "
    "where the cell is left out of the count above."
)
st.caption(
    "Corrected: what a detector without errors would have found (Rogan and Gladen), by its sensitivity and specificity "
    "on the same hint kind in the other languages."
)
columns = {
    name: st.column_config.NumberColumn(name, format="percent")
    for name in rows[0]
    if name not in ("language", "hint", "n", "misses", "left out")
}
st.dataframe(rows, hide_index=True, column_config=columns)
