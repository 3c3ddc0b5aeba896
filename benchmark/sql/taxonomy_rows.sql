-- The taxonomy by language, as `candor classify` shows it.
SELECT t.*
FROM taxonomy AS t
LEFT JOIN languages USING (language)
WHERE $entry_id IS NULL OR entry_id = $entry_id
ORDER BY model, suite, framing, hint_kind, position, verbalised, class;
