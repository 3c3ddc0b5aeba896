-- Terms of one measure: one row an entry × cell (language and hint kind) × question, cells and questions as numbers.
-- A kind that has no such measure (accuracy of opinions) has no term in any entry, and is no cell.
SELECT entry_id, language,
    dense_rank() OVER (ORDER BY language, hint_kind) - 1 AS cell,
    dense_rank() OVER (ORDER BY question_id) - 1         AS question,
    a, b
FROM ratio_terms
WHERE suite = $suite AND framing = $framing AND measure = $measure;
