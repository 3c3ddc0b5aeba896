SELECT
    outcome,
    count(*)::BIGINT                               AS trials,
    count(*) FILTER (channel = 'none')::BIGINT     AS without_reasoning
FROM trials
WHERE entry_id = $entry_id
GROUP BY outcome
ORDER BY trials DESC;
