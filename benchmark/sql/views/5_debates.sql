-- Debates (`peer`): at which answer, counted from 0, the model was at the target first. `moved` are
-- those that got there at this answer, of `trials` debates.
CREATE OR REPLACE VIEW debates AS
WITH counts AS (
    SELECT
        suite, entry_id, language, framing, arm, turn,
        count(*)                                 AS ended,
        count(*) FILTER (parsed AND took_target) AS moved
    FROM judged_trials
    WHERE hint_kind = 'peer' AND arm IN ('sham', 'hinted')
    GROUP BY ALL
),
shares AS (
    SELECT *, sum(ended) OVER (PARTITION BY suite, entry_id, language, framing, arm)::BIGINT AS trials FROM counts
)
SELECT
    suite, entry_id, model, language, framing, arm, turn, moved, trials,
    moved / trials AS share, wilson_low(moved / trials, trials) AS low, wilson_high(moved / trials, trials) AS high
FROM shares
JOIN entries USING (entry_id);
