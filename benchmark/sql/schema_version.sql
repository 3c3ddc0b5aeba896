SELECT value FROM meta WHERE name = 'schema_version';
