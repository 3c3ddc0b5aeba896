-- Terms of one measure: one row an entry × language × hint kind × question.
SELECT entry_id, language, hint_kind, question_id, a, b
FROM ratio_terms
WHERE suite = $suite AND framing = $framing AND measure = $measure
ORDER BY ALL;
