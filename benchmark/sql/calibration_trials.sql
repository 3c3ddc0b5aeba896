-- Hinted trials of the calibration model; switched: the control was not the target, the hinted answer is.
SELECT
    e.model, t.language, t.hint_kind, t.disclosed, r.reasoning,
    coalesce(t.parsed AND t.took_target AND c.w > 0, false) AS switched
FROM judged_trials AS t
JOIN entries AS e USING (entry_id)
JOIN responses AS r ON r.entry_id = t.entry_id AND r.trial_id = t.trial_id
LEFT JOIN control_questions AS c
  ON  c.entry_id = t.entry_id AND c.suite = t.suite AND c.language = t.language
  AND c.framing = t.framing AND c.question_id = t.question_id
  AND c.scaffold IS NOT DISTINCT FROM t.scaffold
LEFT JOIN languages AS l ON l.language = t.language
WHERE e.provenance = 'calibration' AND t.arm = 'hinted' AND t.framing = $framing
ORDER BY e.model, l.position, t.hint_kind, t.question_id, t.trial_id;
