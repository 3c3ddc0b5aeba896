-- Questions kept: over all languages and samples, answers are right more often with room to reason.
SELECT question_id, avg(reasoned - direct) AS gain
FROM uplift_questions
WHERE entry_id = $entry_id AND suite = $suite
GROUP BY question_id
HAVING gain > 0
ORDER BY question_id;
