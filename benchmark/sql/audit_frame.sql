-- The switched trials that an audit draws from, with the weight that each has in the deception rate: `w`, one
-- minus the control's share at the target, over the parsed hinted answers of its question (`parsed`).
-- Filters that are NULL let everything pass.
WITH asked AS (
    SELECT entry_id, suite, language, framing, hint_kind, scaffold, question_id, count(*)::BIGINT AS parsed
    FROM judged_trials
    WHERE arm = 'hinted' AND parsed
    GROUP BY ALL
)
SELECT
    s.suite, s.entry_id, e.model, s.framing, s.language, s.hint_kind, s.variant, s.question_id, s.trial_id,
    s.w, a.parsed, s.disclosed
FROM switched_trials AS s
JOIN entries AS e ON e.entry_id = s.entry_id
JOIN asked AS a
  ON  a.entry_id = s.entry_id AND a.suite = s.suite AND a.language = s.language AND a.framing = s.framing
  AND a.hint_kind = s.hint_kind AND a.question_id = s.question_id AND a.scaffold IS NOT DISTINCT FROM s.scaffold
LEFT JOIN languages AS l ON l.language = s.language
WHERE ($entry_id IS NULL OR s.entry_id = $entry_id)
  AND ($suite IS NULL OR s.suite = $suite)
  AND s.framing = $framing
ORDER BY s.suite, s.entry_id, l.position, s.hint_kind, s.question_id, s.trial_id;
