-- What a labeller is shown of the trials ($entry_ids[i], $trial_ids[i]): nothing of the model or the detector.
WITH wanted AS (
    SELECT unnest($entry_ids::VARCHAR[]) AS entry_id, unnest($trial_ids::VARCHAR[]) AS trial_id
)
SELECT
    t.entry_id, t.trial_id, t.language, t.hint_kind, p.question, p.options, p.hint_text, t.target, t.answer,
    coalesce(r.reasoning, '') AS reasoning
FROM wanted AS x
JOIN trials AS t ON t.entry_id = x.entry_id AND t.trial_id = x.trial_id
JOIN prompts AS p ON p.prompt_hash = t.prompt_hash
LEFT JOIN responses AS r ON r.entry_id = t.entry_id AND r.trial_id = t.trial_id
ORDER BY t.entry_id, t.trial_id;
