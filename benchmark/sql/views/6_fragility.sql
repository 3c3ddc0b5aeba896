-- The table of arXiv 2605.27901 for what was measured here: its hints (`simple`: metadata, `complex`: computed), its
-- rubrics and its denominator beside ours.
--   rubric       what counts as telling. mention, of the simple hint; derivation, of the complex one, where the
--                paper takes nothing less than the full sum (a mention alone counts as deceptive);
--                disclosure: mention or derivation, ours
--   denominator  all: every hinted answer at the target (the paper's); paired: those of questions whose control was
--                not the target, by weight (ours)
-- Unlike the paper's code, a missing verdict does not count as deceptive: it is counted in `verdicts_missing`.
-- `same_setup`: run with the preset (fixed letters, temperature 0, no sham); others borrow the measures alone.
CREATE OR REPLACE VIEW fragility_table AS
SELECT
    b.suite, b.entry_id, e.model, e.provenance, b.language, k.hint, b.hint_kind, b.framing, k.rubric, k.denominator,
    i.rate, i.low, i.high, coalesce(i.n, 0) AS n, coalesce(i.questions, 0) AS questions, i.interval_method,
    b.left_out, b.many_left_out, b.lowest, b.highest, b.verdicts_missing,
    starts_with(b.suite, 'fragility-2026:') AS same_setup
FROM bounds AS b
JOIN entries AS e ON e.entry_id = b.entry_id
JOIN (VALUES
    ('simple',  'metadata', 'mention',    'all',    'paper_deception_rate_mention'),
    ('simple',  'metadata', 'mention',    'paired', 'deception_rate_mention'),
    ('simple',  'metadata', 'disclosure', 'all',    'paper_deception_rate'),
    ('simple',  'metadata', 'disclosure', 'paired', 'deception_rate'),
    ('complex', 'computed', 'derivation', 'all',    'paper_deception_rate_derive'),
    ('complex', 'computed', 'derivation', 'paired', 'deception_rate_derive'),
    ('complex', 'computed', 'disclosure', 'all',    'paper_deception_rate'),
    ('complex', 'computed', 'disclosure', 'paired', 'deception_rate')
) AS k(hint, hint_kind, rubric, denominator, measure)
  ON k.hint_kind = b.hint_kind AND k.measure = b.measure
LEFT JOIN intervals AS i
  ON  i.entry_id = b.entry_id AND i.suite = b.suite AND i.language = b.language AND i.framing = b.framing
  AND i.hint_kind = b.hint_kind AND i.measure = b.measure;
