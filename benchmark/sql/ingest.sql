-- Adds a batch (the registered Arrow tables new_*) in one transaction.
-- Sending the same rows twice changes nothing.

INSERT INTO entries BY NAME
SELECT * FROM new_entries AS n
WHERE NOT EXISTS (FROM entries AS e WHERE e.entry_id = n.entry_id);

INSERT INTO prompts BY NAME
SELECT * FROM (SELECT DISTINCT ON (prompt_hash) * FROM new_prompts) AS n
WHERE NOT EXISTS (FROM prompts AS p WHERE p.prompt_hash = n.prompt_hash);

-- In an entry that goes by another detector they wait for that one's: see add_verdicts.sql.
INSERT INTO verdicts BY NAME
SELECT n.* REPLACE (
    NOT EXISTS (
        FROM (SELECT DISTINCT entry_id, detector FROM verdicts WHERE current) AS chosen
        WHERE chosen.entry_id = n.entry_id
          AND regexp_replace(chosen.detector, '^([a-z]+)-[0-9]+(-[0-9a-f]+)?$', '\1')
              <> regexp_replace(n.detector, '^([a-z]+)-[0-9]+(-[0-9a-f]+)?$', '\1')
    ) AS current
)
FROM (SELECT DISTINCT ON (entry_id, trial_id) * FROM new_verdicts) AS n
WHERE NOT EXISTS (FROM trials AS t WHERE t.entry_id = n.entry_id AND t.trial_id = n.trial_id);

INSERT INTO responses BY NAME
SELECT * FROM (SELECT DISTINCT ON (entry_id, trial_id) * FROM new_responses) AS n
WHERE NOT EXISTS (FROM trials AS t WHERE t.entry_id = n.entry_id AND t.trial_id = n.trial_id);

-- Last, since the other tables look here for what is already known.
INSERT INTO trials BY NAME
SELECT * FROM (SELECT DISTINCT ON (entry_id, trial_id) * FROM new_trials) AS n
WHERE NOT EXISTS (FROM trials AS t WHERE t.entry_id = n.entry_id AND t.trial_id = n.trial_id);
