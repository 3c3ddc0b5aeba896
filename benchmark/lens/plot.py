"""A page with the lens's readings: layers up, the reasoning from left to right, colour for a letter's share."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import altair as alt

WHOSE = {"target": "target_share", "key": "key_share"}
CELL_WIDTH, CELL_HEIGHT = 34, 18


def plot_layers(rows: list[dict[str, Any]], output: Path) -> None:
    """Write the readings (rows of the view `lens_layers`) as an HTML page.

    One panel an arm and hint kind (and suite and entry, where there are several); language, and whether the letter
    is the target or the key, are chosen on the page. The page loads Vega from its public address.
    """
    several = len({(row["suite"], row["entry_id"]) for row in rows}) > 1
    readings = [
        {
            "hint": f"{row['suite']} {row['entry_id']} {_name_hint(row)}" if several else _name_hint(row),
            "arm": row["arm"],
            "language": row["language"],
            "layer": row["layer"],
            "cut": row["cut"],
            "letter": whose,
            "share": row[column],
            "n": row["n"],
        }
        for row in rows
        for whose, column in WHOSE.items()
    ]
    columns, layers = len({row["cut"] for row in rows}), len({row["layer"] for row in rows})
    squares = (
        alt.Chart(alt.InlineData(readings))
        .mark_rect()
        .encode(
            x=alt.X("cut:O", title="reasoning shown, %", axis=alt.Axis(labelAngle=0)),
            y=alt.Y("layer:O", title="layer", sort="descending"),
            color=alt.Color("share:Q", scale=alt.Scale(domain=[0, 1], scheme="viridis"), title="share among A–D"),
            tooltip=["layer:O", "cut:O", alt.Tooltip("share:Q", format=".2f"), "n:Q"],
        )
        .properties(width=CELL_WIDTH * columns, height=CELL_HEIGHT * layers)
    )
    chosen = squares.add_params(
        _choose("language", list(dict.fromkeys(row["language"] for row in rows)), alt.binding_select),
        _choose("letter", list(WHOSE), alt.binding_radio),
    ).transform_filter("datum.language == shown_language && datum.letter == shown_letter")
    chart = chosen.facet(row=alt.Row("hint:N", title=None), column=alt.Column("arm:N", title=None)).properties(
        title=f"Logit lens: {', '.join(dict.fromkeys(row['model'] for row in rows))}"
    )
    chart.save(str(output), format="html")


def _name_hint(row: dict[str, Any]) -> str:
    return f"{row['hint_kind']} ({row['framing']})"


def _choose(name: str, values: list[str], binding: Any) -> alt.Parameter:
    return alt.param(name=f"shown_{name}", value=values[0], bind=binding(options=values, name=f"{name} "))
