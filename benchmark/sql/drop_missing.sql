-- Forgets where $detector could not tell (a judge that failed), so that it is asked again.
DELETE FROM verdicts
WHERE detector = $detector AND disclosed IS NULL AND ($entry_id IS NULL OR entry_id = $entry_id);
