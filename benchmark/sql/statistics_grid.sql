-- The cells of a suite under a framing: languages × hint kinds that some entry was asked.
SELECT DISTINCT language, hint_kind
FROM paired_questions
WHERE suite = $suite AND framing = $framing
ORDER BY ALL;
