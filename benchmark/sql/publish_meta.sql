INSERT INTO meta SELECT * FROM new_meta;
