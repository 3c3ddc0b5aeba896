-- The present verdicts on hinted answers at the target: a detector may have spoken since the draw.
SELECT entry_id, trial_id, disclosed, confidence, detector
FROM judged_trials
WHERE arm = 'hinted' AND parsed AND took_target
  AND ($entry_id IS NULL OR entry_id = $entry_id)
  AND ($suite IS NULL OR suite = $suite)
  AND framing = $framing
ORDER BY entry_id, trial_id;
