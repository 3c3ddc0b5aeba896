-- Detectors that have judged a suite under a framing. `share`: how much of what enters a measure (answers at the target,
-- hinted and sham) has its verdict; `current`: whether the published rates rest on it.
WITH wanted AS (
    SELECT entry_id, trial_id, suite
    FROM trials
    WHERE framing = $framing AND arm IN ('hinted', 'sham') AND outcome = 'answered' AND answer = target
),
totals AS (SELECT suite, count(*) AS total FROM wanted GROUP BY ALL)
SELECT suite, detector, bool_or(current) AS current,
    count(*) FILTER (disclosed IS NOT NULL) / any_value(total) AS share
FROM wanted
JOIN verdicts USING (entry_id, trial_id)
JOIN totals USING (suite)
GROUP BY ALL
ORDER BY suite, current DESC, detector;
