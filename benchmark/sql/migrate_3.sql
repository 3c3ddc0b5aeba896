-- From schema version 3 to 4: the table `classes`, which schema.sql has added by now.
UPDATE meta SET value = '4' WHERE name = 'schema_version';
