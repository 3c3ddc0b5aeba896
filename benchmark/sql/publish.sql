-- Fills a fresh file (attached as `published`) from the live one, sorted so that
-- group-bys and look-ups touch few row groups.

INSERT INTO published.meta               BY NAME SELECT * FROM meta ORDER BY ALL;
INSERT INTO published.languages          BY NAME SELECT * FROM languages ORDER BY position;
INSERT INTO published.entries            BY NAME SELECT * FROM entries ORDER BY model, entry_id;
INSERT INTO published.prompts            BY NAME SELECT * FROM prompts ORDER BY prompt_hash;
INSERT INTO published.trials             BY NAME SELECT * FROM trials
    ORDER BY suite, entry_id, language, hint_kind, question_id, arm, trial_id;
INSERT INTO published.verdicts           BY NAME SELECT * FROM verdicts ORDER BY entry_id, trial_id, detector;
INSERT INTO published.classes            BY NAME SELECT * FROM classes ORDER BY entry_id, trial_id, classifier;
INSERT INTO published.probes             BY NAME SELECT * FROM probes ORDER BY entry_id, trial_id, cut;
INSERT INTO published.lens               BY NAME SELECT * FROM lens ORDER BY entry_id, trial_id, cut, layer;
INSERT INTO published.responses          BY NAME SELECT * FROM responses ORDER BY entry_id, trial_id;
INSERT INTO published.reported_elsewhere BY NAME SELECT * FROM reported_elsewhere ORDER BY ALL;
