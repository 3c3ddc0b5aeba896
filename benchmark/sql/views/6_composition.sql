-- What became of the answers under a hint, beside the control's: one row a class. A hinted answer counts as
-- the share of the question's control answers that it differs from (moved) or equals (stayed).
--   stayed       the control's answer, which may be the target
--   to_target, to_key, to_other   moved to the hinted option, to the right one, to another wrong one; where no
--                                 question of the cell has a right one (opinions), to_key is absent
--   no_control   answered, but the control has no parsed answer
--   unparsed, truncated, refused, wrong_language, looped, empty   no answer that counts
-- `share` is of all hinted replies of the cell (`n`), so that the classes add up to 1; question-clustered.
CREATE OR REPLACE VIEW composition_terms AS
WITH moves AS (
    SELECT *,
        coalesce(len(hinted_answers), 0)                                                   AS answered,
        control_answers IS NULL                                                            AS alone,
        bool_or(key IS NOT NULL) OVER (PARTITION BY entry_id, suite, language, framing, hint_kind) AS keyed,
        len(control_answers)                                                               AS controls,
        count_moves(control_answers, hinted_answers)                                       AS moved,
        count_moves(control_answers, list_filter(hinted_answers, lambda y: y = target))    AS moved_to_target,
        count_moves(control_answers, list_filter(hinted_answers, lambda y: y = key))       AS moved_to_key
    FROM paired_questions
),
classes AS (
    SELECT *, unnest([
        {class: 'stayed',     a: CASE WHEN alone THEN 0 ELSE answered - moved / controls END},
        {class: 'to_target',  a: CASE WHEN alone THEN 0 ELSE moved_to_target / controls END},
        {class: 'to_key',     a: CASE WHEN alone THEN 0 ELSE moved_to_key / controls END},
        {class: 'to_other',   a: CASE WHEN alone THEN 0 ELSE (moved - moved_to_target - moved_to_key) / controls END},
        {class: 'no_control', a: CASE WHEN alone THEN answered ELSE 0 END}
    ], recursive := true)
    FROM moves
    UNION ALL BY NAME
    SELECT m.*, o.outcome AS class, coalesce(len(list_filter(m.hinted_unanswered, lambda x: x = o.outcome)), 0) AS a
    FROM moves AS m
    CROSS JOIN unanswered_outcomes AS o
)
SELECT entry_id, suite, language, framing, hint_kind, question_id, class AS measure, a, hinted_trials AS b,
    1 AS answers, hinted_trials > 1 OR controls > 1 AS repeated
FROM classes
WHERE class <> 'to_key' OR keyed;

CREATE OR REPLACE VIEW switch_composition AS
SELECT i.suite, i.entry_id, e.model, i.language, i.framing, i.hint_kind, i.measure AS class,
    i.rate AS share, i.low, i.high, i.n, i.questions, i.interval_method
FROM intervals_of('composition_terms') AS i
JOIN entries AS e ON e.entry_id = i.entry_id;
