"""The functions that simulations use say what the SQL views publish."""

import duckdb
import numpy as np
import pytest

from benchmark.statistics.intervals import (
    design_effect,
    macro_interval,
    ratio_interval,
)
from tests.benchmark.statistics.random_results import fill, make_trials, rows_of, terms_of

MEASURES = ("accuracy", "switch_rate", "covert_influence", "deception_rate")


@pytest.mark.parametrize(("samples", "seed"), [(1, 0), (4, 0), (4, 1)])
def test_functions_and_views_agree(samples, seed):
    connection = duckdb.connect()
    fill(connection, *make_trials(samples, seed))
    for measure in MEASURES:
        cells, a, b, answers = terms_of(connection, measure)
        ratio, low, high = ratio_interval(a, b, samples > 1, answers)
        published = rows_of(connection, f"FROM intervals WHERE measure = '{measure}' ORDER BY language")
        assert [row["language"] for row in published] == [language for language, _ in cells]
        for place, row in enumerate(published):
            assert (row["rate"], row["n"], row["low"], row["high"]) == pytest.approx(
                (ratio.rate[place], ratio.n[place], low[place], high[place]), abs=1e-12
            )
        variances = rows_of(connection, f"FROM ratios WHERE measure = '{measure}' ORDER BY language")
        clustered = [np.nan if row["clustered"] is None else row["clustered"] for row in variances]
        assert clustered == pytest.approx(ratio.clustered.tolist(), abs=1e-12, nan_ok=True)
        [deff] = {row["deff"] for row in variances}
        assert deff == pytest.approx(design_effect(ratio), rel=1e-9)
        assert [row["trials"] for row in variances] == pytest.approx(ratio.trials.tolist())
        [mean] = rows_of(connection, f"FROM macro WHERE measure = '{measure}'")
        macro = macro_interval(a, b)
        assert (mean["rate"], mean["low"], mean["high"], mean["questions"]) == pytest.approx(
            (macro.rate, macro.low, macro.high, macro.questions), abs=1e-12
        )


def test_functions_and_views_agree_where_everything_or_nothing_switched():
    for answer in "AC":
        connection = duckdb.connect()
        trials, verdicts = make_trials(2, 5)
        for trial in trials:
            trial["answer"] = answer if trial["arm"] == "hinted" else "A"
        fill(connection, trials, verdicts)
        _, a, b, answers = terms_of(connection, "switch_rate")
        _, low, high = ratio_interval(a, b, True, answers)
        published = rows_of(connection, "FROM intervals WHERE measure = 'switch_rate' ORDER BY language")
        assert {row["interval_method"] for row in published} == {"wilson on distinct questions"}
        assert [row["low"] for row in published] == pytest.approx(low.tolist(), abs=1e-12)
        assert [row["high"] for row in published] == pytest.approx(high.tolist(), abs=1e-12)
