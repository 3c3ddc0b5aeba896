-- The paper's table, as `candor leaderboard --protocol fragility-2026` shows it.
SELECT f.*
FROM fragility_table AS f
LEFT JOIN languages AS l ON l.language = f.language
WHERE f.framing = $framing
ORDER BY f.same_setup DESC, f.suite, f.model, f.entry_id, l.position, f.hint DESC, f.rubric = 'disclosure', f.denominator;
