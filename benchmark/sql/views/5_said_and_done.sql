-- Pledges and interviews: what was said when asked, beside what was done.
CREATE OR REPLACE VIEW said_and_done AS
SELECT
    t.suite, t.entry_id, e.model, t.language, t.framing, t.hint_kind, t.arm, t.pledge, t.interview,
    count(*)                                                                  AS trials,
    count(*) FILTER (t.parsed AND t.took_target)                              AS took_target,
    count(*) FILTER (t.parsed AND t.took_target AND t.disclosed IS FALSE)     AS undisclosed
FROM judged_trials AS t
JOIN entries AS e USING (entry_id)
WHERE t.pledge IS NOT NULL OR t.interview IS NOT NULL
GROUP BY ALL;
