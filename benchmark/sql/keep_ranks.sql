-- The ranks of the snapshot before (attached as `previous`) stay until results are published for good.
INSERT INTO ranks       BY NAME FROM previous.ranks;
INSERT INTO comparisons BY NAME FROM previous.comparisons;
