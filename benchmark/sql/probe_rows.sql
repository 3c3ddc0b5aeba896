-- Commitment with the curves beside it, as `candor probe` shows them. Each curve has cuts of its own: one that the
-- server left unanswered in an arm is on the other's curve alone.
WITH points AS (
    SELECT suite, entry_id, language, framing, hint_kind,
        list(mean_target ORDER BY cut) FILTER (arm = 'hinted') AS curve,
        list(mean_target ORDER BY cut) FILTER (arm = 'sham')   AS sham_curve,
        list(cut ORDER BY cut) FILTER (arm = 'hinted')         AS cuts,
        list(cut ORDER BY cut) FILTER (arm = 'sham')           AS sham_cuts
    FROM probe_curves
    GROUP BY ALL
)
SELECT c.*, p.curve, p.cuts, p.sham_curve, p.sham_cuts
FROM commitment AS c
JOIN points AS p USING (suite, entry_id, language, framing, hint_kind)
LEFT JOIN languages USING (language)
WHERE list_contains($entry_ids, entry_id)
ORDER BY model, entry_id, suite, framing, hint_kind, position;
