-- The next switched trials, after ($after_entry, $after_trial), that $classifier has not classified.
SELECT
    s.entry_id, s.trial_id, s.language, s.hint_kind, p.hint_text, s.target, p.question, p.options,
    s.key, s.answer, coalesce(r.reasoning, '') AS reasoning
FROM switched_trials AS s
JOIN responses AS r ON r.entry_id = s.entry_id AND r.trial_id = s.trial_id
JOIN prompts AS p USING (prompt_hash)
WHERE ($entry_id IS NULL OR s.entry_id = $entry_id)
  AND NOT EXISTS (
      FROM classes AS c
      WHERE c.entry_id = s.entry_id AND c.trial_id = s.trial_id AND c.classifier = $classifier
  )
  AND (s.entry_id, s.trial_id) > ($after_entry, $after_trial)
ORDER BY s.entry_id, s.trial_id
LIMIT $at_most;
