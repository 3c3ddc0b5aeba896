-- Replies without an answer that counts, by language and arm: of all replies of the arm, over all hint kinds, the
-- share with each outcome. Question-clustered.
CREATE OR REPLACE VIEW outcome_terms AS
WITH counts AS (
    SELECT entry_id, suite, language, framing, arm, question_id, count(*) AS trials, list(outcome) AS outcomes
    FROM trials
    GROUP BY ALL
)
SELECT entry_id, suite, language, framing, NULL::VARCHAR AS hint_kind, question_id,
    {arm: arm, outcome: o.outcome} AS measure,
    len(list_filter(outcomes, lambda x: x = o.outcome)) AS a, trials AS b, 1 AS answers, trials > 1 AS repeated
FROM counts
CROSS JOIN unanswered_outcomes AS o;

CREATE OR REPLACE VIEW outcome_rates AS
SELECT i.suite, i.entry_id, e.model, i.language, i.framing, i.measure.arm AS arm, i.measure.outcome AS outcome,
    i.rate, i.low, i.high, i.n, i.questions, i.interval_method
FROM intervals_of('outcome_terms') AS i
JOIN entries AS e ON e.entry_id = i.entry_id;
