-- The views go by the verdicts of $detector wherever it has spoken (in one entry, or with NULL in all).
UPDATE verdicts SET current = (detector = $detector)
WHERE ($entry_id IS NULL OR entry_id = $entry_id) AND EXISTS (
    FROM verdicts AS v
    WHERE v.entry_id = verdicts.entry_id AND v.trial_id = verdicts.trial_id AND v.detector = $detector
);
