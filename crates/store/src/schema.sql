-- Everything here is added to and never changed: each table refuses UPDATE and DELETE, and an INSERT
-- that would replace a row (`guards.rs`). Days are YYYY-MM-DD, months YYYY-MM, hashes SHA-256 in hexadecimal.

CREATE TABLE form (version BIGINT NOT NULL PRIMARY KEY);

-- The register log: a decision as it was read becomes known.
CREATE TABLE revision (
    revision    BIGINT NOT NULL PRIMARY KEY,
    recorded_on TEXT   NOT NULL,
    decision_id TEXT   NOT NULL UNIQUE,
    known_from  TEXT   NOT NULL,
    sha256      TEXT   NOT NULL,
    file        TEXT   NOT NULL,
    body        TEXT   NOT NULL
);

-- What one imported file gave; the reports are in the Parquet file that `file` is the hash of.
CREATE TABLE batch (
    seq           BIGINT NOT NULL PRIMARY KEY,
    source_sha256 TEXT   NOT NULL UNIQUE,
    file          TEXT   NOT NULL,
    name          TEXT   NOT NULL,
    origin        TEXT   NOT NULL CHECK (origin IN ('reported', 'synthetic')),
    row_count     BIGINT NOT NULL CHECK (row_count = accepted + rejected),
    accepted      BIGINT NOT NULL,
    rejected      BIGINT NOT NULL,
    imported_on   TEXT   NOT NULL
);

CREATE TABLE rejected_row (
    batch BIGINT NOT NULL REFERENCES batch (seq),
    no    BIGINT NOT NULL,
    line  BIGINT NOT NULL,
    code  TEXT   NOT NULL,
    field TEXT   NOT NULL,
    value TEXT   NOT NULL,
    PRIMARY KEY (batch, no)
);

-- A booked settlement and its basis; its lines are in the Parquet file that `lines_hash` names.
CREATE TABLE settlement (
    seq        BIGINT NOT NULL PRIMARY KEY,
    id         TEXT   NOT NULL UNIQUE,
    month      TEXT   NOT NULL,
    settled_on TEXT   NOT NULL,
    revision   BIGINT NOT NULL,
    batches    BIGINT NOT NULL,
    cutoff     TEXT   NOT NULL,
    through    TEXT   NOT NULL,
    engine     TEXT   NOT NULL,
    lines_hash TEXT   NOT NULL,
    origin     TEXT   NOT NULL CHECK (origin IN ('reported', 'synthetic')),
    total_ore  BIGINT NOT NULL,
    line_count BIGINT NOT NULL
);

CREATE TABLE entry (
    settlement BIGINT NOT NULL REFERENCES settlement (seq),
    no         BIGINT NOT NULL,
    unit       TEXT   NOT NULL,
    text       TEXT   NOT NULL,
    PRIMARY KEY (settlement, no)
);

CREATE TABLE posting (
    settlement BIGINT NOT NULL,
    entry      BIGINT NOT NULL,
    no         BIGINT NOT NULL,
    account    TEXT   NOT NULL,
    unit       TEXT   NOT NULL,
    element    TEXT   NOT NULL,
    payer      TEXT   NOT NULL,
    payee      TEXT   NOT NULL,
    care_month TEXT   NOT NULL,
    cause      TEXT   NOT NULL,
    amount_ore BIGINT NOT NULL,
    PRIMARY KEY (settlement, entry, no),
    FOREIGN KEY (settlement, entry) REFERENCES entry (settlement, no)
);

INSERT INTO form (version) VALUES (1);
