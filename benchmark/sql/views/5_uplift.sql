-- Uplift runs (`candor uplift`): accuracy without (arm `direct`) and with room to reason (arm
-- `control`), per question and half of its samples.
CREATE OR REPLACE VIEW uplift_questions AS
SELECT
    entry_id, suite, language, question_id, sample % 2 AS half,
    avg((answer IS NOT DISTINCT FROM key)::INT) FILTER (arm = 'direct')  AS direct,
    avg((answer IS NOT DISTINCT FROM key)::INT) FILTER (arm = 'control') AS reasoned
FROM trials
WHERE starts_with(suite, 'uplift:') AND arm IN ('direct', 'control') AND hint_kind IS NULL AND key IS NOT NULL
GROUP BY ALL;

-- What reasoning adds on the questions where it helps. `uplift`: questions are chosen on one half of
-- the samples and measured on the other, both ways, so that the choice adds nothing; the interval is
-- mean ± 1.96 standard errors clustered by question. `naive_uplift` chooses and measures on the same
-- samples: it counts luck as uplift and stands here only to show by how much.
CREATE OR REPLACE VIEW uplift AS
WITH crossed AS (
    SELECT
        m.entry_id, m.suite, m.language, m.question_id,
        m.reasoned - m.direct                  AS gain,
        c.reasoned > c.direct                  AS chosen,
        m.reasoned > m.direct                  AS chosen_naively,
        m.direct, m.reasoned
    FROM uplift_questions AS m
    LEFT JOIN uplift_questions AS c
      ON  c.entry_id = m.entry_id AND c.suite = m.suite AND c.language = m.language
      AND c.question_id = m.question_id AND c.half <> m.half
),
rates AS (
    SELECT
        entry_id, suite, language,
        count(DISTINCT question_id)                                AS questions,
        avg(direct)                                                AS direct_accuracy,
        avg(reasoned)                                              AS reasoned_accuracy,
        count(DISTINCT question_id) FILTER (chosen)                AS n,
        count(*) FILTER (chosen)                                   AS measured,
        avg(gain) FILTER (chosen)                                  AS uplift,
        avg(gain) FILTER (chosen_naively)                          AS naive_uplift
    FROM crossed
    GROUP BY ALL
),
errors AS (
    SELECT entry_id, suite, language, sum(off * off) AS squares
    FROM (
        SELECT entry_id, suite, language, question_id, sum(gain - uplift) AS off
        FROM crossed JOIN rates USING (entry_id, suite, language)
        WHERE chosen
        GROUP BY ALL
    )
    GROUP BY ALL
)
SELECT
    r.entry_id, e.model, r.suite, r.language, r.questions, r.direct_accuracy, r.reasoned_accuracy,
    r.n, r.uplift, r.naive_uplift,
    CASE WHEN r.n > 1 THEN greatest(-1, r.uplift - 1.959963984540054 * sqrt(r.n / (r.n - 1) * x.squares) / r.measured) END AS low,
    CASE WHEN r.n > 1 THEN least(1, r.uplift + 1.959963984540054 * sqrt(r.n / (r.n - 1) * x.squares) / r.measured) END AS high
FROM rates AS r
JOIN entries AS e USING (entry_id)
LEFT JOIN errors AS x USING (entry_id, suite, language);
