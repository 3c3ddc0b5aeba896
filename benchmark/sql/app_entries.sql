-- One row an entry, suite and framing, in the order in which they are listed.
--   label        the model; with the beginning of the entry's id where several entries of the suite share the name
--   listed_with  what it may be compared with: the channel of its reasoning, calibration models apart (that is
--                `ranked_within`; the same rule as in statistics_entries.sql); and apart from those the unranked
WITH channels AS (
    SELECT suite, framing, entry_id,
        coalesce(mode(CASE channel WHEN 'unclosed' THEN 'raw' ELSE channel END) FILTER (channel <> 'none'), 'none')
            AS channel
    FROM trials
    GROUP BY ALL
),
kinds AS (
    SELECT suite, framing, entry_id, model, provenance, revision,
        channel || CASE provenance
            WHEN 'calibration'        THEN ', calibration'
            WHEN 'uploaded'           THEN ', uploaded (unverified)'
            WHEN 'reported elsewhere' THEN ', reported elsewhere'
            ELSE ''
        END AS listed_with
    FROM channels
    JOIN entries USING (entry_id)
)
SELECT *,
    model || CASE
        WHEN count(DISTINCT entry_id) OVER (PARTITION BY suite, model) > 1 THEN ' · ' || left(entry_id, 6) ELSE ''
    END AS label
FROM kinds
ORDER BY
    suite, framing <> 'plain', framing, provenance IN ('uploaded', 'reported elsewhere'), listed_with, label, entry_id;
