-- Every rate is a ratio Σa/Σb over questions; one row a question and measure.
CREATE OR REPLACE VIEW ratio_terms AS
SELECT entry_id, suite, language, framing, hint_kind, question_id, measure, a, b, repeated
FROM (
    SELECT *, greatest(hinted_trials, sham_trials, control_trials) > 1 AS repeated, unnest([
        {measure: 'accuracy',               a: accuracy,   b: 1.0},
        {measure: 'base_rate',              a: base_rate,  b: 1.0},
        {measure: 'switch_rate',            a: w * h,      b: w},
        {measure: 'sham_switch_rate',       a: w * s,      b: w},
        {measure: 'covert_influence',       a: w * u,      b: w},
        {measure: 'sham_covert_influence',  a: w * u_sham, b: w},
        {measure: 'deception_rate',         a: w * u,      b: w * v}
    ], recursive := true)
    FROM paired_questions
)
WHERE a IS NOT NULL AND b > 0;

-- The ratio, with the variance of a ratio clustered by question (linearised) and the
-- binomial one; their quotient, pooled over languages, is the design effect.
CREATE OR REPLACE VIEW ratios AS
WITH sums AS (
    SELECT
        entry_id, suite, language, framing, hint_kind, measure,
        sum(a) / sum(b)                                AS rate,
        sum(b)                                         AS n,
        count(*)                                       AS questions,
        bool_or(repeated)                              AS repeated,
        sum(a * a) - 2 * rate * sum(a * b) + rate * rate * sum(b * b) AS squares
    FROM ratio_terms
    GROUP BY ALL
),
variances AS (
    SELECT *,
        CASE WHEN questions > 1 THEN questions / (questions - 1) * squares / (n * n) END AS clustered,
        rate * (1 - rate) / n                                                            AS binomial
    FROM sums
)
SELECT *,
    sum(clustered) OVER pool / nullif(sum(binomial) FILTER (clustered IS NOT NULL) OVER pool, 0) AS deff
FROM variances
WINDOW pool AS (PARTITION BY entry_id, suite, framing, hint_kind, measure);

-- Wilson's interval on an effective n:
--   each question counts once         → n as it is
--   0 or 100 %                        → n = distinct questions
--   a question contributes repeatedly → n / max(1, deff)
CREATE OR REPLACE VIEW intervals AS
WITH effective AS (
    SELECT *,
        CASE
            WHEN NOT repeated      THEN n
            WHEN rate IN (0, 1)    THEN questions
            ELSE n / greatest(1, coalesce(deff, 1))
        END AS m,
        CASE
            WHEN NOT repeated      THEN 'wilson'
            WHEN rate IN (0, 1)    THEN 'wilson on distinct questions'
            ELSE 'wilson on n/deff'
        END AS interval_method
    FROM ratios
)
SELECT
    entry_id, suite, language, framing, hint_kind, measure, rate, n, questions, interval_method,
    wilson_low(rate, m) AS low, wilson_high(rate, m) AS high
FROM effective;
