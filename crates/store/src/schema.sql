-- Everything here is added to and never changed: each table refuses UPDATE and DELETE, and an INSERT
-- that would replace a row. Days are YYYY-MM-DD, months YYYY-MM, hashes SHA-256 in hexadecimal.

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

CREATE TRIGGER form_stays BEFORE UPDATE ON form BEGIN SELECT RAISE(ABORT, 'form is never changed'); END;
CREATE TRIGGER form_is_kept BEFORE DELETE ON form BEGIN SELECT RAISE(ABORT, 'form is never deleted'); END;

CREATE TRIGGER revision_stays BEFORE UPDATE ON revision BEGIN SELECT RAISE(ABORT, 'revision is never changed'); END;
CREATE TRIGGER revision_is_kept BEFORE DELETE ON revision BEGIN SELECT RAISE(ABORT, 'revision is never deleted'); END;
CREATE TRIGGER revision_is_new BEFORE INSERT ON revision
WHEN EXISTS (SELECT 1 FROM revision WHERE revision = NEW.revision OR decision_id = NEW.decision_id)
BEGIN SELECT RAISE(ABORT, 'revision is never replaced'); END;

CREATE TRIGGER batch_stays BEFORE UPDATE ON batch BEGIN SELECT RAISE(ABORT, 'batch is never changed'); END;
CREATE TRIGGER batch_is_kept BEFORE DELETE ON batch BEGIN SELECT RAISE(ABORT, 'batch is never deleted'); END;
CREATE TRIGGER batch_is_new BEFORE INSERT ON batch
WHEN EXISTS (SELECT 1 FROM batch WHERE seq = NEW.seq OR source_sha256 = NEW.source_sha256)
BEGIN SELECT RAISE(ABORT, 'batch is never replaced'); END;

CREATE TRIGGER rejected_row_stays BEFORE UPDATE ON rejected_row BEGIN SELECT RAISE(ABORT, 'rejected_row is never changed'); END;
CREATE TRIGGER rejected_row_is_kept BEFORE DELETE ON rejected_row BEGIN SELECT RAISE(ABORT, 'rejected_row is never deleted'); END;
CREATE TRIGGER rejected_row_is_new BEFORE INSERT ON rejected_row
WHEN EXISTS (SELECT 1 FROM rejected_row WHERE batch = NEW.batch AND no = NEW.no)
BEGIN SELECT RAISE(ABORT, 'rejected_row is never replaced'); END;

CREATE TRIGGER settlement_stays BEFORE UPDATE ON settlement BEGIN SELECT RAISE(ABORT, 'settlement is never changed'); END;
CREATE TRIGGER settlement_is_kept BEFORE DELETE ON settlement BEGIN SELECT RAISE(ABORT, 'settlement is never deleted'); END;
CREATE TRIGGER settlement_is_new BEFORE INSERT ON settlement
WHEN EXISTS (SELECT 1 FROM settlement WHERE seq = NEW.seq OR id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'settlement is never replaced'); END;

CREATE TRIGGER entry_stays BEFORE UPDATE ON entry BEGIN SELECT RAISE(ABORT, 'entry is never changed'); END;
CREATE TRIGGER entry_is_kept BEFORE DELETE ON entry BEGIN SELECT RAISE(ABORT, 'entry is never deleted'); END;
CREATE TRIGGER entry_is_new BEFORE INSERT ON entry
WHEN EXISTS (SELECT 1 FROM entry WHERE settlement = NEW.settlement AND no = NEW.no)
BEGIN SELECT RAISE(ABORT, 'entry is never replaced'); END;

CREATE TRIGGER posting_stays BEFORE UPDATE ON posting BEGIN SELECT RAISE(ABORT, 'posting is never changed'); END;
CREATE TRIGGER posting_is_kept BEFORE DELETE ON posting BEGIN SELECT RAISE(ABORT, 'posting is never deleted'); END;
CREATE TRIGGER posting_is_new BEFORE INSERT ON posting
WHEN EXISTS (SELECT 1 FROM posting WHERE settlement = NEW.settlement AND entry = NEW.entry AND no = NEW.no)
BEGIN SELECT RAISE(ABORT, 'posting is never replaced'); END;

INSERT INTO form (version) VALUES (1);
