-- Adds forced answers (the registered Arrow table new_probes); one that is there already changes nothing.
INSERT INTO probes BY NAME
SELECT * FROM new_probes AS n
WHERE NOT EXISTS (FROM probes AS p WHERE p.entry_id = n.entry_id AND p.trial_id = n.trial_id AND p.cut = n.cut);
