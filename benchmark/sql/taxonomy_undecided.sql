-- Weight of the switched trials that the taxonomy's shares leave out: without a class or a verdict.
-- Counted here, since a cell in which nobody decided anything has no row in the view.
SELECT coalesce(sum(s.w), 0) AS undecided
FROM switched_trials AS s
LEFT JOIN classes AS c ON c.entry_id = s.entry_id AND c.trial_id = s.trial_id AND c.current
WHERE ($entry_id IS NULL OR s.entry_id = $entry_id) AND (c.class IS NULL OR s.disclosed IS NULL);
