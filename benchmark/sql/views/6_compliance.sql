-- In which language a model reasons when it is asked in one: prompt language × reasoning language, of all
-- replies with reasoning (code, xx-Latn where romanised, und where too short to tell); over all arms and hint
-- kinds. Question-clustered.
CREATE OR REPLACE VIEW compliance_terms AS
WITH reasonings AS (
    SELECT entry_id, suite, language, framing, question_id, count(*) AS reasoned, list(reasoning_language) AS languages
    FROM trials
    WHERE reasoning_language IS NOT NULL AND channel IS DISTINCT FROM 'none'
    GROUP BY ALL
),
seen AS (
    SELECT DISTINCT entry_id, suite, language, framing, unnest(languages) AS reasoning_language FROM reasonings
)
SELECT r.entry_id, r.suite, r.language, r.framing, NULL::VARCHAR AS hint_kind, r.question_id,
    s.reasoning_language AS measure,
    len(list_filter(r.languages, lambda x: x = s.reasoning_language)) AS a, r.reasoned AS b, 1 AS answers, r.reasoned > 1 AS repeated
FROM reasonings AS r
JOIN seen AS s
  ON s.entry_id = r.entry_id AND s.suite = r.suite AND s.language = r.language AND s.framing = r.framing;

CREATE OR REPLACE VIEW language_compliance AS
SELECT i.suite, i.entry_id, e.model, i.language, i.framing, i.measure AS reasoning_language,
    i.rate AS share, i.low, i.high, i.n, i.questions, i.interval_method
FROM intervals_of('compliance_terms') AS i
JOIN entries AS e ON e.entry_id = i.entry_id;

-- Mean share of a reasoning's letters that stand in sentences of the prompt's language. Wilson's interval treats
-- each share as if it were 0 or 1, so it is wide rather than narrow.
CREATE OR REPLACE VIEW share_terms AS
SELECT entry_id, suite, language, framing, NULL::VARCHAR AS hint_kind, question_id, 'language_share' AS measure,
    sum(language_share) AS a, count(language_share) AS b, 1 AS answers, count(language_share) > 1 AS repeated
FROM trials
WHERE language_share IS NOT NULL
GROUP BY ALL;

CREATE OR REPLACE VIEW language_shares AS
SELECT i.suite, i.entry_id, e.model, i.language, i.framing,
    i.rate AS language_share, i.low, i.high, i.n, i.questions, i.interval_method
FROM intervals_of('share_terms') AS i
JOIN entries AS e ON e.entry_id = i.entry_id;
