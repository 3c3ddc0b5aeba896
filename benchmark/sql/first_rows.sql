-- What a new results file starts with.
INSERT INTO meta VALUES ('schema_version', $schema_version);
INSERT INTO languages SELECT * FROM new_languages;
INSERT INTO reported_elsewhere SELECT * FROM new_reported;
