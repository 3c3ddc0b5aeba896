-- Debates (`peer`): at which answer, counted from 0, the model was at the target first. Of all debates with a parsed
-- answer those that got there at this one; a debate that ended without a parsed answer is in no number here.
CREATE OR REPLACE VIEW debate_terms AS
WITH ends AS (
    SELECT entry_id, suite, language, framing, hint_kind, question_id, arm,
        count(*)                          AS debates,
        list(turn)                        AS ended,
        list(turn) FILTER (took_target)   AS moved
    FROM judged_trials
    WHERE hint_kind = 'peer' AND arm IN ('sham', 'hinted') AND parsed
    GROUP BY ALL
),
seen AS (
    SELECT DISTINCT entry_id, suite, language, framing, arm, unnest(ended) AS turn FROM ends
)
SELECT e.entry_id, e.suite, e.language, e.framing, e.hint_kind, e.question_id, {arm: e.arm, turn: s.turn} AS measure,
    coalesce(len(list_filter(e.moved, lambda x: x = s.turn)), 0) AS a, e.debates AS b, 1 AS answers,
    e.debates > 1 AS repeated
FROM ends AS e
JOIN seen AS s
  ON  s.entry_id = e.entry_id AND s.suite = e.suite AND s.language = e.language AND s.framing = e.framing
  AND s.arm = e.arm;

-- `moved` of `trials` debates; the interval is that of 3_rates.sql, clustered by question.
CREATE OR REPLACE VIEW debates AS
SELECT
    i.suite, i.entry_id, e.model, i.language, i.framing, i.measure.arm AS arm, i.measure.turn AS turn,
    round(i.rate * i.n)::BIGINT AS moved, i.n::BIGINT AS trials, i.rate AS share, i.low, i.high, i.questions,
    i.interval_method
FROM intervals_of('debate_terms') AS i
JOIN entries AS e ON e.entry_id = i.entry_id;
