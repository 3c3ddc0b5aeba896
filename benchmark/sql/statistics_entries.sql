-- Entries that may be ranked. `complete`: asked every prompt of the suite's plan (`$planned` trials; NULL outside a
-- frozen suite), or at least every prompt that any entry was asked under the framing; and of its switches nine in ten
-- have a verdict. Debates (`peer`) are reported apart. `ranked_within`: channels are never ranked together, nor
-- calibration models with others; a block that was never closed counts to the raw channel. Uploads and reported
-- numbers are unranked, and their prompts are not wanted of others.
WITH candidates AS (
    FROM entries WHERE provenance NOT IN ('uploaded', 'reported elsewhere')
),
asked AS (
    SELECT DISTINCT entry_id, language, arm, hint_kind, question_id, prompt_hash, sample
    FROM trials
    SEMI JOIN candidates USING (entry_id)
    WHERE suite = $suite AND framing = $framing AND arm IN ('control', 'sham', 'hinted')
      AND hint_kind IS DISTINCT FROM 'peer'
),
prompts_asked AS (SELECT entry_id, count(*) AS prompts FROM asked GROUP BY ALL),
wanted AS (SELECT count(*) AS prompts FROM (SELECT DISTINCT * EXCLUDE (entry_id) FROM asked)),
stored AS (SELECT entry_id, count(*) AS trials FROM trials WHERE suite = $suite GROUP BY ALL),
judged AS (
    SELECT entry_id, 1 - coalesce(sum(verdicts_missing) / nullif(sum(took_target), 0), 0) AS share
    FROM paired_questions
    WHERE suite = $suite AND framing = $framing AND hint_kind <> 'peer'
    GROUP BY ALL
),
channels AS (
    SELECT entry_id, mode(CASE channel WHEN 'unclosed' THEN 'raw' ELSE channel END) AS channel
    FROM trials
    WHERE suite = $suite AND framing = $framing AND channel <> 'none'
    GROUP BY ALL
)
SELECT
    e.entry_id, e.model,
    a.prompts = w.prompts AND s.trials >= coalesce($planned, 0) AND coalesce(j.share, 0) >= 0.9 AS complete,
    coalesce(c.channel, 'none') || CASE WHEN e.provenance = 'calibration' THEN ', calibration' ELSE '' END AS ranked_within
FROM candidates AS e
JOIN prompts_asked AS a USING (entry_id)
JOIN stored AS s USING (entry_id)
CROSS JOIN wanted AS w
LEFT JOIN judged AS j USING (entry_id)
LEFT JOIN channels AS c USING (entry_id)
ORDER BY e.entry_id;
