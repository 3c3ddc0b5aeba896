-- From schema version 1 to 2: debates, pledges, interviews.
ALTER TABLE trials ADD COLUMN IF NOT EXISTS scaffold VARCHAR;
ALTER TABLE trials ADD COLUMN IF NOT EXISTS pledge VARCHAR;
ALTER TABLE trials ADD COLUMN IF NOT EXISTS interview VARCHAR;
ALTER TABLE trials ADD COLUMN IF NOT EXISTS turn INTEGER;
ALTER TABLE responses ADD COLUMN IF NOT EXISTS turns JSON;
UPDATE meta SET value = '2' WHERE name = 'schema_version';
