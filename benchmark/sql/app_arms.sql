-- One hinted trial with its sham and its control: prompt, response and verdict of each.
WITH chosen AS (
    FROM trials WHERE entry_id = $entry_id AND trial_id = $trial_id
)
SELECT
    t.arm, t.answer, t.key, t.target, t.outcome, t.channel, t.finish_reason,
    t.mentions, t.derives, t.disclosed, t.relies, t.confidence, t.evidence, t.reasoning_language, t.detector,
    p.messages, p.hint_text, p.question, p.options,
    t.pledge, t.turn, r.turns, r.reasoning, r.content
FROM chosen AS c
JOIN judged_trials AS t
  ON  t.entry_id = c.entry_id AND t.suite = c.suite AND t.question_id = c.question_id
  AND t.language = c.language AND t.framing = c.framing AND t.sample = c.sample
  AND t.arm IN ('control', 'sham', 'hinted')
  AND ((t.arm = 'control' AND t.scaffold IS NULL AND c.scaffold IS NULL)
       OR (t.hint_kind = c.hint_kind AND t.variant = c.variant AND t.phrasing = c.phrasing))
JOIN prompts AS p ON p.prompt_hash = t.prompt_hash
JOIN responses AS r ON r.entry_id = t.entry_id AND r.trial_id = t.trial_id
ORDER BY CASE t.arm WHEN 'control' THEN 0 WHEN 'sham' THEN 1 ELSE 2 END;
