-- What was probed before.
SELECT trial_id, list(cut ORDER BY cut) AS cuts FROM probes WHERE entry_id = $entry_id GROUP BY trial_id;
