-- Form 6: what clinics report beside contacts, for the follow-up: labour, staffing, measures, surveys.

-- What one imported file gave; the accepted rows are in the Parquet file that `file` is the hash of.
CREATE TABLE input (
    seq           BIGINT NOT NULL PRIMARY KEY,
    kind          TEXT   NOT NULL,
    source_sha256 TEXT   NOT NULL,
    file          TEXT   NOT NULL,
    name          TEXT   NOT NULL,
    origin        TEXT   NOT NULL CHECK (origin IN ('reported', 'synthetic')),
    row_count     BIGINT NOT NULL CHECK (row_count = accepted + rejected),
    accepted      BIGINT NOT NULL,
    rejected      BIGINT NOT NULL,
    imported_on   TEXT   NOT NULL,
    UNIQUE (kind, source_sha256)
);

-- Values are never those of a carer or a person.
CREATE TABLE input_rejected (
    input BIGINT NOT NULL REFERENCES input (seq),
    no    BIGINT NOT NULL,
    line  BIGINT NOT NULL,
    code  TEXT   NOT NULL,
    field TEXT   NOT NULL,
    value TEXT   NOT NULL,
    PRIMARY KEY (input, no)
);

INSERT INTO form (version) VALUES (6);
