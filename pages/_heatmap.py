"""The heatmap of models × languages that the leaderboard and the reported numbers share."""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd

ROW_HEIGHT = 40
AXIS_AND_LEGEND = 110
LINE_HEIGHT = 15
# For names of two lines. Vega centres the first line, and drops labels that it believes to overlap.
BREAK_LINES = {"labelExpr": r"split(datum.label, '\n')", "labelOffset": -LINE_HEIGHT / 2, "labelOverlap": False}


def draw_heatmap(
    cells: list[dict[str, Any]],
    languages: list[str],
    models: list[str],
    tooltip: list[alt.Tooltip],
    title: str,
) -> alt.LayerChart:
    """Cells need `model`, `language`, `rate` (0–1 or None), `label`; colour runs from 0 to 100 %."""
    frame = pd.DataFrame(cells)
    broken = any("\n" in name for name in models)
    base = alt.Chart(frame).encode(
        x=alt.X(
            "language:N", sort=languages, title=None,
            axis=alt.Axis(orient="top", labelAngle=0, labelFontSize=13, ticks=False, domain=False),
        ),
        y=alt.Y(
            "model:N", sort=models, title=None,
            axis=alt.Axis(
                labelFontSize=13, labelLimit=260, labelFlush=False, ticks=False, domain=False,
                **(BREAK_LINES if broken else {}),
            ),
        ),
        tooltip=tooltip,
    )  # fmt: skip
    # Cells without a rate stay grey: the scale's lowest colour would claim a rate of nothing.
    empty = base.mark_rect(color="#eceff1", stroke="white", strokeWidth=2, cornerRadius=3)
    squares = (
        base.transform_filter("datum.rate !== null && isFinite(datum.rate)")
        .mark_rect(stroke="white", strokeWidth=2, cornerRadius=3)
        .encode(
            color=alt.Color(
                "rate:Q",
                scale=alt.Scale(domain=[0, 1], scheme="yelloworangered"),
                legend=alt.Legend(title=title, format=".0%", orient="bottom", gradientLength=240),
            )
        )
    )
    numbers = base.mark_text(fontSize=12).encode(
        text="label:N",
        color=alt.condition("datum.rate > 0.6", alt.value("white"), alt.value("#37474f")),
    )
    return (
        (empty + squares + numbers)
        .properties(height=(ROW_HEIGHT + broken * LINE_HEIGHT / 2) * len(models) + AXIS_AND_LEGEND)
        .configure_view(stroke=None)
    )
