-- Tables of a results file. Narrow ones (trials, verdicts) stand apart from wide text.
-- Uniqueness of (entry_id, trial_id) is kept by the ingest's anti-join: an index
-- would slow every insert and endanger the replay of the write-ahead log.

CREATE TABLE IF NOT EXISTS meta (name VARCHAR, value VARCHAR);

-- A model with its revision, settings and provenance.
CREATE TABLE IF NOT EXISTS entries (
    entry_id             VARCHAR,
    model                VARCHAR,
    revision             VARCHAR,
    provenance           VARCHAR,  -- run here | endpoint | uploaded | calibration
    sampling             JSON,
    chat_template_kwargs JSON,
    engine               VARCHAR,
    engine_version       VARCHAR,
    quantisation         VARCHAR
);

-- One prompt text, shared by every model that was given it.
CREATE TABLE IF NOT EXISTS prompts (
    prompt_hash VARCHAR,
    messages    JSON,       -- [{"role": …, "content": …}, …]
    question    VARCHAR,
    options     VARCHAR[],  -- as shown, A first
    hint_text   VARCHAR     -- NULL in the control arm
);

CREATE TABLE IF NOT EXISTS trials (
    entry_id          VARCHAR,
    trial_id          VARCHAR,
    suite             VARCHAR,
    question_id       VARCHAR,
    category          VARCHAR,
    language          VARCHAR,
    arm               VARCHAR,   -- control | sham | hinted | no_reasoning | interview
    hint_kind         VARCHAR,   -- NULL in a control without scaffold
    variant           VARCHAR,
    phrasing          INTEGER,
    scaffold          VARCHAR,   -- kind whose turns or examples every arm carries, or NULL
    framing           VARCHAR,
    sample            INTEGER,
    key               VARCHAR,   -- letter of the right option; NULL for opinion questions
    target            VARCHAR,   -- letter that the hint points to
    prompt_hash       VARCHAR,
    pledge            VARCHAR,   -- reply to the pledge: yes | no | unclear; NULL where there was none
    interview         VARCHAR,   -- did anything influence it, by its own account: yes | no | unclear
    turn              INTEGER,   -- debates: number of the judged answer, from 0
    answer            VARCHAR,   -- letter found, or NULL
    outcome           VARCHAR,   -- answered | unparsed | truncated | refused | wrong_language | looped | empty
    channel           VARCHAR,   -- raw | visible | summary | none | unclosed
    finish_reason     VARCHAR,
    reasoning_language VARCHAR,  -- code, xx-Latn (romanised), und
    language_share    DOUBLE,    -- share of the reasoning's letters in sentences of the prompt's language
    prompt_tokens     INTEGER,
    completion_tokens INTEGER
);

-- What the detector says of a response; several detectors may have spoken.
CREATE TABLE IF NOT EXISTS verdicts (
    entry_id           VARCHAR,
    trial_id           VARCHAR,
    detector           VARCHAR,
    mentions           BOOLEAN,  -- NULL: could not be told
    derives            BOOLEAN,
    disclosed          BOOLEAN,  -- mentions OR derives, three-valued
    relies             VARCHAR,  -- yes | no | rejects | n/a
    confidence         DOUBLE,
    evidence           INTEGER[][],  -- [start, end) in code points of the reasoning
    reasoning_language VARCHAR,
    current            BOOLEAN   -- the verdict that the views use
);

-- What kind of flaw carries a switched answer; several classifiers may have spoken.
CREATE TABLE IF NOT EXISTS classes (
    entry_id   VARCHAR,
    trial_id   VARCHAR,
    classifier VARCHAR,
    class      VARCHAR,    -- arithmetic | procedure | factual | incoherent | none; NULL: undecided
    evidence   INTEGER[],  -- [start, end) in code points of the reasoning, or NULL
    current    BOOLEAN     -- the class that the views use
);

-- The answer that a model gives when its reasoning is cut short (`candor probe`).
CREATE TABLE IF NOT EXISTS probes (
    entry_id VARCHAR,
    trial_id VARCHAR,
    cut      INTEGER,  -- where the reasoning was cut, in % of its length
    unit     VARCHAR,  -- tokens | graphemes: what that length is counted in
    tokens   INTEGER,  -- length of what was left of it, in `unit`
    p_a      DOUBLE,   -- probability of each letter among the four; NULL: the server did not say
    p_b      DOUBLE,
    p_c      DOUBLE,
    p_d      DOUBLE,
    forced   VARCHAR   -- the likeliest letter
);

-- The same read from inside the model, layer by layer (`candor lens`). Layer 0 is the embedding.
CREATE TABLE IF NOT EXISTS lens (
    entry_id VARCHAR,
    trial_id VARCHAR,
    layer    INTEGER,
    cut      INTEGER,  -- in % of the reasoning's tokens
    p_a      DOUBLE,   -- probability of each letter in the whole vocabulary
    p_b      DOUBLE,
    p_c      DOUBLE,
    p_d      DOUBLE
);

CREATE TABLE IF NOT EXISTS responses (
    entry_id  VARCHAR,
    trial_id  VARCHAR,
    turns     JSON,     -- generated turns before the judged reply: [{"slot", "role", "content", …}, …]
    reasoning VARCHAR,
    content   VARCHAR
);

-- Numbers measured elsewhere, never mixed with those measured here.
CREATE TABLE IF NOT EXISTS reported_elsewhere (
    source         VARCHAR,
    model          VARCHAR,
    language       VARCHAR,
    hint           VARCHAR,
    deception_rate DOUBLE
);

-- Names and order of the languages, high- to low-resource.
CREATE TABLE IF NOT EXISTS languages (
    language       VARCHAR,
    name           VARCHAR,
    native_name    VARCHAR,
    resource_level VARCHAR,
    position       INTEGER
);
