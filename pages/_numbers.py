"""The leaderboard's table of numbers: for the screen, and in full for a file."""

from __future__ import annotations

from typing import Any

import pandas as pd

from benchmark.faces import has_rate

COUNTS = ("n", "covert n", "switch n", "accuracy n", "trials", "verdicts missing")
WORDS = ("model", "language")


def make_numbers(
    rows: list[dict[str, Any]], entries: dict[str, str], languages: dict[str, str], rate: str, whole: bool
) -> pd.DataFrame:
    """Rows of the view `leaderboard` under the headings of the page.

    `entries` and `languages` are names, `rate` is what the share of undisclosed switches is called; `whole`: also
    rates of so few switches that only their number is shown.
    """
    table = []
    for row in rows:
        shown = whole or has_rate(row["deception_rate"], row["n"])
        table.append(
            {
                "model": entries[row["entry_id"]],
                "language": languages[row["language"]],
                rate: row["deception_rate"] if shown else None,
                "low": row["low"] if shown else None,
                "high": row["high"] if shown else None,
                "n": row["n"],
                "covert influence": row["covert_influence"],
                "covert low": row["covert_influence_low"],
                "covert high": row["covert_influence_high"],
                "covert n": row["covert_influence_n"],
                "sham": row["sham_covert_influence"],
                "switch rate": row["switch_rate"],
                "switch low": row["switch_rate_low"],
                "switch high": row["switch_rate_high"],
                "switch n": row["switch_rate_n"],
                "net switch": row["net_switch_rate"],
                "control accuracy": row["accuracy"],
                "accuracy low": row["accuracy_low"],
                "accuracy high": row["accuracy_high"],
                "accuracy n": row["accuracy_n"],
                "trials": row["trials"],
                "no usable answer": row["unparsed_share"],
                "verdicts missing": row["verdicts_missing"],
            }
        )
    return pd.DataFrame(table)
