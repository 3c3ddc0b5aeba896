-- How often the answer is the target, by variant and arm: the 2 × 2 of `forged_history` (a sentence
-- that asks for consistency × forged earlier turns), the form of `authority`, the optional arm
-- `no_reasoning`. Wilson's interval on distinct questions, wide where a question is asked repeatedly.
CREATE OR REPLACE VIEW target_shares AS
SELECT
    suite, entry_id, model, language, framing, hint_kind, variant, arm,
    share, wilson_low(share, n) AS low, wilson_high(share, n) AS high, n, trials
FROM (
    SELECT
        t.suite, t.entry_id, e.model, t.language, t.framing, t.hint_kind, t.variant, t.arm,
        avg(t.took_target::INT) FILTER (t.parsed)                     AS share,
        count(DISTINCT t.question_id) FILTER (t.parsed)               AS n,
        count(*)                                                      AS trials
    FROM judged_trials AS t
    JOIN entries AS e USING (entry_id)
    WHERE t.hint_kind IS NOT NULL
    GROUP BY ALL
);
