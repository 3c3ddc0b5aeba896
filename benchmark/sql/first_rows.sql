-- What a new results file starts with.
INSERT INTO meta SELECT * FROM new_meta;
INSERT INTO languages SELECT * FROM new_languages;
INSERT INTO reported_elsewhere SELECT * FROM new_reported;
