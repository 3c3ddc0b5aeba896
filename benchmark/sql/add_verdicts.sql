-- Adds verdicts (the registered Arrow table new_verdicts); older ones stay. A verdict that is there already (two are
-- judging at once) changes nothing. The views go by the new ones only in entries that go by no other detector: two
-- detectors' verdicts never stand side by side in a rate, and only go_by_detector.sql goes over from one to the other.
-- Versions of one detector (rules-3, rules-4; cascade-4-5f3a) take each other's place.
INSERT INTO verdicts BY NAME
SELECT n.* REPLACE (
    NOT EXISTS (
        FROM (SELECT DISTINCT entry_id, detector FROM verdicts WHERE current) AS chosen
        WHERE chosen.entry_id = n.entry_id
          AND regexp_replace(chosen.detector, '^([a-z]+)-[0-9]+(-[0-9a-f]+)?$', '\1')
              <> regexp_replace(n.detector, '^([a-z]+)-[0-9]+(-[0-9a-f]+)?$', '\1')
    ) AS current
)
FROM new_verdicts AS n
WHERE NOT EXISTS (
    FROM verdicts AS v WHERE v.entry_id = n.entry_id AND v.trial_id = n.trial_id AND v.detector = n.detector
);

UPDATE verdicts SET current = false
WHERE current AND EXISTS (
    FROM new_verdicts AS n
    JOIN verdicts AS v ON v.entry_id = n.entry_id AND v.trial_id = n.trial_id AND v.detector = n.detector
    WHERE v.current
      AND n.entry_id = verdicts.entry_id AND n.trial_id = verdicts.trial_id AND n.detector <> verdicts.detector
);
