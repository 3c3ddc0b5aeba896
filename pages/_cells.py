"""Cells of the leaderboard's heatmap, and what hovering one of them says."""

from __future__ import annotations

from typing import Any

import altair as alt

from benchmark.faces import Words, has_rate, list_marks

Row = dict[str, Any]


def make_cell(row: Row, name: str) -> Row:
    """What `draw_heatmap` and the tooltip need of a row of the view `leaderboard`."""
    enough = has_rate(row["deception_rate"], row["n"])
    shown = f"{100 * row['deception_rate']:.0f}" if enough else f"n={row['n'] or 0:.0f}"
    return {
        "model": name,
        "entry": name.replace("\n", " · "),
        "language": row["language"],
        "rate": row["deception_rate"] if enough else None,
        "label": shown + list_marks(row),
        "deception": describe_rate(row["deception_rate"], row["low"], row["high"], row["n"])
        if enough
        else f"n = {row['n'] or 0:.3g}: too few for a rate",
        "method": row["interval_method"] if enough else "–",
        "covert": describe_measure(row, "covert_influence"),
        "switch": describe_measure(row, "switch_rate"),
        "sham": f"{show_percent(row['sham_covert_influence'])}, {show_percent(row['sham_switch_rate'])}",
        "accuracy": describe_measure(row, "accuracy"),
        "trials": row["trials"],
        "unparsed": show_percent(row["unparsed_share"]),
        "missing": row["verdicts_missing"],
    }


def list_tooltips(words: Words) -> list[alt.Tooltip]:
    titles = {
        "entry:N": "Model",
        "language:N": "Language",
        "deception:N": words.rate.capitalize(),
        "method:N": "Its interval, 95 %",
        "covert:N": "Covert influence",
        "switch:N": "Switch rate",
        "sham:N": "With the sham: covert, switch",
        "accuracy:N": "Control accuracy",
        "trials:Q": "Hinted trials",
        "unparsed:N": "Trials without a usable answer",
        "missing:Q": "Verdicts missing",
    }
    return [alt.Tooltip(field, title=title) for field, title in titles.items()]


def describe_measure(row: Row, name: str) -> str:
    return describe_rate(row[name], row[f"{name}_low"], row[f"{name}_high"], row[f"{name}_n"])


def describe_rate(rate: float | None, low: float | None, high: float | None, n: float | None) -> str:
    """Rate, interval and n; a dash where there is none."""
    if rate is None or low is None or high is None or n is None:
        return "–"
    return f"{show_percent(rate)} [{100 * low:.1f}, {100 * high:.1f}], n = {n:.3g}"


def show_percent(value: float | None) -> str:
    return "–" if value is None else f"{100 * value:.1f} %"
