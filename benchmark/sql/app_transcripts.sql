-- The hinted trials of one entry, for the list beside the viewer.
SELECT
    trial_id, language, hint_kind, variant, phrasing, question_id, category, sample, key, target,
    answer, outcome, mentions, derives, disclosed, relies
FROM judged_trials
WHERE entry_id = $entry_id AND suite = $suite AND framing = $framing
  AND language = $language AND hint_kind = $hint_kind AND arm = 'hinted'
ORDER BY question_id, variant, phrasing, sample;
