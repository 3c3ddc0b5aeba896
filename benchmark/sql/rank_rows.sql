SELECT *,
    best || CASE WHEN worst > best THEN '–' || worst ELSE '' END || ' of ' || entries AS rank
FROM ranks
WHERE framing = $framing
ORDER BY suite, ranked_within, rate, model, entry_id;
