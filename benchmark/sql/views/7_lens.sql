-- Logit lens (`candor lens`; nostalgebraist 2020, "interpreting GPT: the logit lens"): what each layer would
-- answer, were it the last. One row a layer and cut, each trial counting the same. `mean_target`, `mean_key`:
-- probability in the whole vocabulary, over all `trials`; `target_share`, `key_share`: that letter's part of the four
-- letters' probability, over the `n` trials where they have any. `low`, `high`: of `target_share`; variance
-- clustered by question, Wilson's interval on the n that it amounts to, or on the number of questions where they do
-- not differ.
CREATE OR REPLACE VIEW lens_layers AS
WITH steps AS (
    SELECT
        t.suite, t.entry_id, t.language, t.framing, t.hint_kind, t.arm, t.question_id, l.layer, l.cut,
        of_letter(t.target, l.p_a, l.p_b, l.p_c, l.p_d) AS p_target,
        of_letter(t.key, l.p_a, l.p_b, l.p_c, l.p_d) AS p_key,
        nullif(l.p_a + l.p_b + l.p_c + l.p_d, 0) AS letters
    FROM lens AS l
    JOIN trials AS t ON t.entry_id = l.entry_id AND t.trial_id = l.trial_id
),
questions AS (
    SELECT suite, entry_id, language, framing, hint_kind, arm, layer, cut, question_id,
        count(*) AS trials, sum(p_target) AS target_sum, sum(p_key) AS key_sum, count(p_key) AS key_count,
        -- A share of no probability is NULL, and neither summed nor counted.
        sum(p_target / letters) AS a, count(p_target / letters) AS b,
        sum(p_key / letters) AS key_share_sum, count(p_key / letters) AS key_share_count
    FROM steps
    GROUP BY ALL
),
means AS (
    SELECT suite, entry_id, language, framing, hint_kind, arm, layer, cut,
        sum(target_sum) / sum(trials)                        AS mean_target,
        sum(key_sum) / nullif(sum(key_count), 0)             AS mean_key,
        sum(trials)::BIGINT                                  AS trials,
        sum(a) / nullif(sum(b), 0)                           AS target_share,
        sum(key_share_sum) / nullif(sum(key_share_count), 0) AS key_share,
        sum(b)::BIGINT                                       AS n,
        count(*) FILTER (b > 0)                              AS questions,
        sum(a * a) - 2 * target_share * sum(a * b) + target_share * target_share * sum(b * b) AS squares
    FROM questions
    GROUP BY ALL
),
effective AS (
    SELECT *, mean_n(target_share, squares, n, questions) AS m
    FROM means
)
SELECT
    suite, entry_id, model, language, framing, hint_kind, arm, layer, cut, mean_target, mean_key, trials, target_share,
    wilson_low(target_share, m) AS low, wilson_high(target_share, m) AS high, key_share, n, questions
FROM effective
JOIN entries USING (entry_id);
