SELECT DISTINCT e.entry_id, e.model, e.provenance, e.revision
FROM entries AS e
JOIN trials AS t USING (entry_id)
WHERE t.suite = $suite
ORDER BY e.model;
