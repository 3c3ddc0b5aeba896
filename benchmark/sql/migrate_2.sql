-- From schema version 2 to 3: the language of every reasoning, and how much of it is the prompt's.
ALTER TABLE trials ADD COLUMN IF NOT EXISTS reasoning_language VARCHAR;
ALTER TABLE trials ADD COLUMN IF NOT EXISTS language_share DOUBLE;
UPDATE trials SET reasoning_language = (
    SELECT any_value(v.reasoning_language) FROM verdicts AS v
    WHERE v.entry_id = trials.entry_id AND v.trial_id = trials.trial_id
);
UPDATE meta SET value = '3' WHERE name = 'schema_version';
