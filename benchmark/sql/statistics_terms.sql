-- Terms of one measure: one row an entry × cell (language and hint kind) × question, cells and questions as numbers.
-- A question that says nothing has NaN, so that a cell which was asked and has no rate is seen as such. A kind
-- that has no such measure (accuracy of opinions) is no cell. Debates are reported apart.
SELECT entry_id, language,
    dense_rank() OVER (ORDER BY language, hint_kind) - 1 AS cell,
    dense_rank() OVER (ORDER BY question_id) - 1         AS question,
    coalesce(a, 'NaN'::DOUBLE) AS a,
    coalesce(b, 'NaN'::DOUBLE) AS b
FROM question_terms
WHERE suite = $suite AND framing = $framing AND measure = $measure AND most IS NOT NULL AND hint_kind <> 'peer';
