-- The detectors that an entry's numbers go by, most verdicts first; `waiting`: its responses with a hint (or its sham)
-- in the prompt that have no current verdict.
SELECT
    detector, count(*)::BIGINT AS verdicts,
    (
        SELECT count(*)::BIGINT
        FROM trials AS t
        JOIN prompts AS p USING (prompt_hash)
        WHERE t.entry_id = $entry_id AND p.hint_text IS NOT NULL AND NOT EXISTS (
            FROM verdicts AS v WHERE v.entry_id = t.entry_id AND v.trial_id = t.trial_id AND v.current
        )
    ) AS waiting
FROM verdicts
WHERE entry_id = $entry_id AND current
GROUP BY detector
ORDER BY verdicts DESC, detector;
