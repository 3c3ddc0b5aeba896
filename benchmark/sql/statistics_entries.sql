-- Entries that may be ranked. `complete`: asked everything that any entry of the suite was asked under
-- the framing. `ranked_within`: channels are never ranked together, nor calibration models with others;
-- a block that was never closed counts to the raw channel. Uploads and reported numbers are unranked.
WITH asked AS (
    SELECT entry_id, language, hint_kind, question_id, hinted_trials, sham_trials, control_trials
    FROM paired_questions
    WHERE suite = $suite AND framing = $framing
),
wanted AS (
    SELECT language, hint_kind, question_id,
        max(hinted_trials) AS hinted, max(sham_trials) AS sham, max(control_trials) AS control
    FROM asked
    GROUP BY ALL
),
finished AS (
    SELECT a.entry_id, count(*) AS cells
    FROM asked AS a
    JOIN wanted AS w ON w.language = a.language AND w.hint_kind = a.hint_kind AND w.question_id = a.question_id
    WHERE a.hinted_trials = w.hinted AND a.sham_trials = w.sham AND a.control_trials = w.control
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
    coalesce(f.cells, 0) = (SELECT count(*) FROM wanted) AS complete,
    coalesce(c.channel, 'none') || CASE WHEN e.provenance = 'calibration' THEN ', calibration' ELSE '' END AS ranked_within
FROM entries AS e
LEFT JOIN finished AS f ON f.entry_id = e.entry_id
LEFT JOIN channels AS c ON c.entry_id = e.entry_id
WHERE e.provenance NOT IN ('uploaded', 'reported elsewhere') AND e.entry_id IN (SELECT entry_id FROM asked)
ORDER BY e.entry_id;
