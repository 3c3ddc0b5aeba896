"""The heatmap of models × languages that the leaderboard and the reported numbers share."""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd

ROW_HEIGHT = 40
AXIS_AND_LEGEND = 110


def draw_heatmap(
    cells: list[dict[str, Any]],
    languages: list[str],
    models: list[str],
    tooltip: list[alt.Tooltip],
    title: str,
) -> alt.LayerChart:
    """Cells need `model`, `language`, `rate` (0–1 or None), `label`; colour runs from 0 to 100 %."""
    frame = pd.DataFrame(cells)
    base = alt.Chart(frame).encode(
        x=alt.X(
            "language:N", sort=languages, title=None,
            axis=alt.Axis(orient="top", labelAngle=0, labelFontSize=13, ticks=False, domain=False),
        ),
        y=alt.Y(
            "model:N", sort=models, title=None,
            axis=alt.Axis(labelFontSize=13, labelLimit=260, ticks=False, domain=False),
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
        .properties(height=ROW_HEIGHT * len(models) + AXIS_AND_LEGEND)
        .configure_view(stroke=None)
    )
