-- The next trials of $entry_id, after $after, that a probe or a lens replays: hinted and sham, answered,
-- with a reasoning of the model's own. Of each suite × language × framing × hint kind, all such trials of the
-- $questions questions that come first when every question stands at the place that $seed and its id alone give
-- it. Only questions with such a trial there are counted: where each has one in every cell, all cells draw the same;
-- where some were not answered, the next in order take their place. A question may be drawn for one arm alone.
WITH drawn AS (
    SELECT
        *,
        dense_rank() OVER (
            PARTITION BY suite, language, framing, hint_kind
            ORDER BY md5(concat($seed::VARCHAR, ':', question_id)), question_id
        ) AS draw,
        -- Trials of a question stand together: the server's prefix cache holds what they share.
        concat_ws(chr(31), language, question_id, framing, hint_kind, arm, trial_id) AS place
    FROM trials
    WHERE entry_id = $entry_id
      AND arm IN ('hinted', 'sham') AND outcome = 'answered' AND channel IN ('raw', 'visible', 'unclosed')
      AND ($languages IS NULL OR list_contains($languages, language))
      AND ($hints IS NULL OR list_contains($hints, concat(hint_kind, ':', variant)))
)
SELECT
    d.* EXCLUDE (draw), p.messages, p.question, p.options, p.hint_text,
    e.sampling, r.turns, r.reasoning
FROM drawn AS d
JOIN prompts AS p USING (prompt_hash)
JOIN responses AS r ON r.entry_id = d.entry_id AND r.trial_id = d.trial_id
JOIN entries AS e ON e.entry_id = d.entry_id
WHERE d.place > $after AND ($questions IS NULL OR d.draw <= $questions)
ORDER BY d.place
LIMIT $at_most;
