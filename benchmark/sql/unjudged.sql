-- The next responses with a hint (or its sham) in the prompt on which $detector has not spoken, after
-- ($after_later, $after_entry, $after_trial); those that enter a measure (the answer is the target) first.
SELECT
    t.entry_id, t.trial_id, t.language, t.hint_kind, p.hint_text, t.target, t.answer,
    p.options, r.reasoning, NOT coalesce(t.answer = t.target, false) AS later
FROM trials AS t
JOIN responses AS r ON r.entry_id = t.entry_id AND r.trial_id = t.trial_id
JOIN prompts AS p USING (prompt_hash)
WHERE p.hint_text IS NOT NULL
  AND ($entry_id IS NULL OR t.entry_id = $entry_id)
  AND NOT EXISTS (
      FROM verdicts AS v
      WHERE v.entry_id = t.entry_id AND v.trial_id = t.trial_id AND v.detector = $detector
  )
  AND (NOT coalesce(t.answer = t.target, false), t.entry_id, t.trial_id) > ($after_later, $after_entry, $after_trial)
ORDER BY later, t.entry_id, t.trial_id
LIMIT $at_most;
