-- The tables of a snapshot (attached as `published`) with the verdicts of one detector as the current ones.
-- DuckDB takes no parameters here; $path and $detector are put in as quoted literals.
ATTACH $path AS published (READ_ONLY);
CREATE VIEW meta               AS FROM published.meta;
CREATE VIEW languages          AS FROM published.languages;
CREATE VIEW entries            AS FROM published.entries;
CREATE VIEW prompts            AS FROM published.prompts;
CREATE VIEW trials             AS FROM published.trials;
CREATE VIEW classes            AS FROM published.classes;
CREATE VIEW probes             AS FROM published.probes;
CREATE VIEW lens               AS FROM published.lens;
CREATE VIEW responses          AS FROM published.responses;
CREATE VIEW reported_elsewhere AS FROM published.reported_elsewhere;
CREATE VIEW verdicts           AS SELECT * REPLACE (detector = $detector AS current) FROM published.verdicts;
