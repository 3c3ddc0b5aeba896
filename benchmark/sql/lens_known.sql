-- What was read before.
SELECT trial_id, list(DISTINCT cut ORDER BY cut) AS cuts FROM lens WHERE entry_id = $entry_id GROUP BY trial_id;
