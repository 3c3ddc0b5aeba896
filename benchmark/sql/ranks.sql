-- Ranks of the complete entries of a suite, written when results are published: a family of comparisons is fixed
-- then, and no filter recomputes it. Words: benchmark/statistics/ranking.py.
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
    entries       INTEGER,  -- how many are ranked together
    p_values      MAP(VARCHAR, DOUBLE)  -- Holm-adjusted, of the comparison with every other, by entry_id
);
