-- Adds readings (the registered Arrow table new_lens); one that is there already changes nothing.
INSERT INTO lens BY NAME
SELECT * FROM new_lens AS n
WHERE NOT EXISTS (
    FROM lens AS l
    WHERE l.entry_id = n.entry_id AND l.trial_id = n.trial_id AND l.layer = n.layer AND l.cut = n.cut
);
