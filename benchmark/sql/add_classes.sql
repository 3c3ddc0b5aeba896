-- Adds classes (the registered Arrow table new_classes); one that is there already changes nothing.
INSERT INTO classes BY NAME
SELECT * FROM new_classes AS n
WHERE NOT EXISTS (
    FROM classes AS c WHERE c.entry_id = n.entry_id AND c.trial_id = n.trial_id AND c.classifier = n.classifier
);
