"""Ranks as each detector that has judged the responses would have them: how much they rest on the detector."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb

from benchmark.framings import PLAIN
from benchmark.sql import read_sql, read_views
from benchmark.statistics.ranking import RankedEntry, rank_entries
from benchmark.store import query_rows

LEAST_SHARE = 0.99


@dataclass(frozen=True)
class DetectorRanks:
    """Ranks of a suite under one detector.

    Attributes:
        share: how much of what enters a measure it has judged.
        current: whether the published rates rest on it.
        ranked: none where `share` is under LEAST_SHARE, since switches without a verdict are left out of a rate.
    """

    suite: str
    detector: str
    share: float
    current: bool
    ranked: list[RankedEntry]


def rank_by_detector(db: Path) -> list[DetectorRanks]:
    """The ranks of every suite under every detector whose verdicts are stored, the current one first.

    Raises:
        FileNotFoundError: there is no such results file.
    """
    rows = query_rows(db, "detectors", {"framing": PLAIN})
    ranks = []
    for detector in dict.fromkeys(row["detector"] for row in rows):
        with duckdb.connect() as connection:
            setting = read_sql("under_detector").replace("$path", _quote(str(db.resolve())))
            connection.execute(setting.replace("$detector", _quote(detector)))
            connection.execute(read_views())
            for row in rows:
                if row["detector"] == detector:
                    ranked = rank_entries(connection, row["suite"]) if row["share"] >= LEAST_SHARE else []
                    ranks.append(DetectorRanks(row["suite"], detector, row["share"], row["current"], ranked))
    return ranks


def _quote(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
