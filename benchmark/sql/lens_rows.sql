-- What `candor lens` shows and plots.
SELECT l.*
FROM lens_layers AS l
LEFT JOIN languages USING (language)
WHERE list_contains($entry_ids, entry_id)
ORDER BY model, entry_id, suite, framing, hint_kind, position, arm, layer, cut;
