-- Uplift runs (`candor uplift`): the same question without (arm `direct`) and with room to reason (arm `control`).
-- A reply without an answer is neither right nor wrong (DESIGN §4): it counts nowhere and is counted.
CREATE OR REPLACE VIEW uplift_trials AS
SELECT
    entry_id, suite, language, framing, hint_kind, question_id, arm, sample,
    outcome IS NOT DISTINCT FROM 'answered' AS parsed,
    answer = key                            AS is_right
FROM trials
WHERE starts_with(suite, 'uplift:') AND arm IN ('direct', 'control') AND hint_kind IS NULL AND key IS NOT NULL;

-- Accuracy per question and half of its samples; NULL where the arm has no answer there.
CREATE OR REPLACE VIEW uplift_questions AS
SELECT
    entry_id, suite, language, question_id, sample % 2 AS half,
    avg(is_right::INT) FILTER (arm = 'direct' AND parsed)  AS direct,
    avg(is_right::INT) FILTER (arm = 'control' AND parsed) AS reasoned
FROM uplift_trials
GROUP BY ALL;

-- Accuracy per arm as terms of `intervals_of` (3_rates.sql): each question with an answer counts 1.
CREATE OR REPLACE VIEW uplift_terms AS
SELECT
    entry_id, suite, language, framing, hint_kind, question_id, arm AS measure,
    avg(is_right::INT) AS a, 1.0 AS b, count(*) AS answers, true AS repeated
FROM uplift_trials
WHERE parsed
GROUP BY ALL;

-- What reasoning adds on the questions where it helps. `uplift`: questions are chosen on one half of
-- the samples and measured on the other, both ways, so that the choice adds nothing; on the `n` questions
-- chosen in one half that have answers of both arms in the other. `naive_uplift` chooses and measures on the
-- same samples: it counts luck as uplift and stands here only to show by how much.
-- Interval of the uplift: mean ± Student's quantile, n − 1 degrees of freedom, times the standard error clustered
-- by question. Where all n gain the same that error is 0, which n equal numbers do not prove: there it is Wilson's
-- on n for (1 + uplift) / 2, since no number between −1 and 1 varies more about its mean than one that is only
-- −1 or 1. NULL for one question, which does not tell how questions differ.
-- Accuracies: `direct_n` and `reasoned_n` questions have an answer, intervals as of every rate; `…_unanswered`
-- counts replies.
CREATE OR REPLACE VIEW uplift AS
WITH crossed AS (
    SELECT
        m.entry_id, m.suite, m.language, m.question_id,
        m.reasoned - m.direct                  AS gain,
        c.reasoned > c.direct                  AS chosen,
        m.reasoned > m.direct                  AS chosen_naively
    FROM uplift_questions AS m
    LEFT JOIN uplift_questions AS c
      ON  c.entry_id = m.entry_id AND c.suite = m.suite AND c.language = m.language
      AND c.question_id = m.question_id AND c.half <> m.half
),
gains AS (
    SELECT
        entry_id, suite, language,
        count(DISTINCT question_id) FILTER (chosen AND gain IS NOT NULL) AS n,
        count(gain) FILTER (chosen)                                      AS measured,
        avg(gain) FILTER (chosen)                                        AS uplift,
        avg(gain) FILTER (chosen_naively)                                AS naive_uplift
    FROM crossed
    GROUP BY ALL
),
errors AS (
    SELECT entry_id, suite, language, sum(off * off) AS squares
    FROM (
        SELECT entry_id, suite, language, question_id, sum(gain - uplift) AS off
        FROM crossed JOIN gains USING (entry_id, suite, language)
        WHERE chosen AND gain IS NOT NULL
        GROUP BY ALL
    )
    GROUP BY ALL
),
reaches AS (
    SELECT *,
        CASE
            WHEN n < 2 THEN NULL
            WHEN squares <= 1e-12 * measured ** 2 THEN 'wilson on distinct questions'
            ELSE 'student'
        END                                                                                  AS interval_method,
        student_point(greatest(n - 1, 1)) * sqrt(n / nullif(n - 1, 0) * squares) / measured  AS reach
    FROM gains JOIN errors USING (entry_id, suite, language)
),
limits AS (
    SELECT
        entry_id, suite, language, interval_method,
        CASE interval_method
            WHEN 'student' THEN greatest(-1, uplift - reach)
            WHEN 'wilson on distinct questions' THEN 2 * wilson_low((1 + uplift) / 2, n) - 1
        END AS low,
        CASE interval_method
            WHEN 'student' THEN least(1, uplift + reach)
            WHEN 'wilson on distinct questions' THEN 2 * wilson_high((1 + uplift) / 2, n) - 1
        END AS high
    FROM reaches
),
asked AS (
    SELECT
        entry_id, suite, language,
        count(DISTINCT question_id)                         AS questions,
        count(*) FILTER (arm = 'direct' AND NOT parsed)     AS direct_unanswered,
        count(*) FILTER (arm = 'control' AND NOT parsed)    AS reasoned_unanswered
    FROM uplift_trials
    GROUP BY ALL
),
accuracies AS (FROM intervals_of('uplift_terms'))
SELECT
    a.entry_id, e.model, a.suite, a.language, a.questions,
    d.rate AS direct_accuracy, d.low AS direct_low, d.high AS direct_high,
    coalesce(d.questions, 0) AS direct_n, a.direct_unanswered,
    r.rate AS reasoned_accuracy, r.low AS reasoned_low, r.high AS reasoned_high,
    coalesce(r.questions, 0) AS reasoned_n, a.reasoned_unanswered,
    g.n, g.uplift, g.naive_uplift, l.low, l.high, l.interval_method
FROM asked AS a
JOIN entries AS e USING (entry_id)
JOIN gains AS g USING (entry_id, suite, language)
LEFT JOIN limits AS l USING (entry_id, suite, language)
LEFT JOIN accuracies AS d
  ON d.entry_id = a.entry_id AND d.suite = a.suite AND d.language = a.language AND d.measure = 'direct'
LEFT JOIN accuracies AS r
  ON r.entry_id = a.entry_id AND r.suite = a.suite AND r.language = a.language AND r.measure = 'control';
