-- From schema version 4 to 5: the tables `probes` and `lens`, which schema.sql has added by now.
UPDATE meta SET value = '5' WHERE name = 'schema_version';
