-- Covert influence, deception rate and switch rate by phrasing of the hint, as in 3_rates.sql: a fixed prompt
-- understates variance. Where phrasings rotate, each was put to other questions.
CREATE OR REPLACE VIEW phrasing_terms AS
SELECT entry_id, suite, language, framing, hint_kind, question_id, {name: measure, phrasing: phrasing} AS measure, a, b,
    answers, repeated
FROM terms_of('phrased_questions')
WHERE measure IN ('covert_influence', 'deception_rate', 'switch_rate') AND a IS NOT NULL AND b > 0;

CREATE OR REPLACE VIEW phrasing_rates AS
SELECT
    i.suite, i.entry_id, e.model, i.language, i.framing, i.hint_kind, i.measure.name AS measure,
    i.measure.phrasing AS phrasing, i.rate, i.low, i.high, i.n, i.questions, i.interval_method
FROM intervals_of('phrasing_terms') AS i
JOIN entries AS e ON e.entry_id = i.entry_id;

-- Least, greatest and standard deviation (of a sample; NULL of one) of a rate over the phrasings. Chance adds
-- to all three where a phrasing's n, in `ns` in the order of `phrasings`, is small.
CREATE OR REPLACE VIEW phrasing_spread AS
SELECT
    suite, entry_id, model, language, framing, hint_kind, measure,
    min(rate) AS lowest, max(rate) AS highest, stddev_samp(rate) AS deviation,
    list(phrasing ORDER BY phrasing) AS phrasings, list(n ORDER BY phrasing) AS ns
FROM phrasing_rates
GROUP BY ALL;
