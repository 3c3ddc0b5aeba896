-- Commitment with the curves beside it, as `candor probe` shows them.
WITH points AS (
    SELECT suite, entry_id, language, framing, hint_kind,
        list(mean_target ORDER BY cut) FILTER (arm = 'hinted') AS curve,
        list(mean_target ORDER BY cut) FILTER (arm = 'sham')   AS sham_curve,
        list(cut ORDER BY cut) FILTER (arm = 'hinted')         AS cuts
    FROM probe_curves
    GROUP BY ALL
)
SELECT c.*, p.curve, p.sham_curve, p.cuts
FROM commitment AS c
JOIN points AS p USING (suite, entry_id, language, framing, hint_kind)
JOIN languages USING (language)
WHERE list_contains($entry_ids, entry_id)
ORDER BY model, entry_id, suite, framing, hint_kind, position;
