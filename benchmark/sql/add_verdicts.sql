-- Adds verdicts (the registered Arrow table new_verdicts); the views go by the new ones, the old ones stay.
-- A verdict that is there already (two are judging at once) changes nothing.
UPDATE verdicts SET current = false
WHERE current AND EXISTS (
    FROM new_verdicts AS n
    WHERE n.entry_id = verdicts.entry_id AND n.trial_id = verdicts.trial_id
      AND NOT EXISTS (
          FROM verdicts AS v
          WHERE v.entry_id = n.entry_id AND v.trial_id = n.trial_id AND v.detector = n.detector
      )
);

INSERT INTO verdicts BY NAME
SELECT * FROM new_verdicts AS n
WHERE NOT EXISTS (
    FROM verdicts AS v WHERE v.entry_id = n.entry_id AND v.trial_id = n.trial_id AND v.detector = n.detector
);
