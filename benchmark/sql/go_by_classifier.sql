-- The views go by the classes of $classifier wherever it has spoken (in one entry, or with NULL in all).
UPDATE classes SET current = (classifier = $classifier)
WHERE ($entry_id IS NULL OR entry_id = $entry_id) AND EXISTS (
    FROM classes AS c
    WHERE c.entry_id = classes.entry_id AND c.trial_id = classes.trial_id AND c.classifier = $classifier
);
