-- Ranks and comparisons of the complete entries of a suite, written when results are published: the family of
-- tests is fixed then, and no filter recomputes it. Words: benchmark/statistics/ranking.py and comparing.py.
CREATE TABLE ranks (
    suite         VARCHAR,
    framing       VARCHAR,
    measure       VARCHAR,
    ranked_within VARCHAR,  -- channel of the reasoning, and whether a calibration model
    entry_id      VARCHAR,
    model         VARCHAR,
    rate          DOUBLE,   -- mean over all languages × hint kinds, each counting the same
    low           DOUBLE,
    high          DOUBLE,
    n             DOUBLE,
    cells         INTEGER,  -- languages × hint kinds
    thin_cells    INTEGER,  -- those with too few switches for a rate of their own
    best          INTEGER,  -- the rank lies between these, with 95 % confidence for all entries at once
    worst         INTEGER,
    entries       INTEGER   -- how many are ranked together
);

-- Each pair once: by the mean over everything (language NULL; one Holm family), and within each language
-- (exploratory; Benjamini–Hochberg over all languages and pairs).
CREATE TABLE comparisons (
    suite         VARCHAR,
    framing       VARCHAR,
    measure       VARCHAR,
    ranked_within VARCHAR,
    language      VARCHAR,
    entry_id      VARCHAR,
    other_id      VARCHAR,
    difference    DOUBLE,   -- of the rates: entry_id − other_id
    low           DOUBLE,   -- of the difference alone, not adjusted
    high          DOUBLE,
    questions     INTEGER,  -- behind each of the two, the fewer
    freedom       DOUBLE,   -- degrees of freedom of Student's t
    p_value       DOUBLE,
    adjusted      DOUBLE,   -- for the family
    correction    VARCHAR,
    exploratory   BOOLEAN
);
