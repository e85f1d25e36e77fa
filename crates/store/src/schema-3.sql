-- Form 3: everything that people do with settlements, months and payments is a deed, and entries belong to deeds. What was
-- booked before becomes a deed without a name behind it.

-- `due` is the day something is to be done by, or blank.
CREATE TABLE deed (
    seq     BIGINT NOT NULL PRIMARY KEY,
    kind    TEXT   NOT NULL,
    subject TEXT   NOT NULL,
    by_whom TEXT   NOT NULL,
    on_day  TEXT   NOT NULL,
    due     TEXT   NOT NULL,
    note    TEXT   NOT NULL
);

-- What a deed is about, row by row; texts that do not apply are blank.
CREATE TABLE deed_row (
    deed       BIGINT NOT NULL REFERENCES deed (seq),
    no         BIGINT NOT NULL,
    settlement TEXT   NOT NULL,
    unit       TEXT   NOT NULL,
    payee      TEXT   NOT NULL,
    contact_id TEXT   NOT NULL,
    element    TEXT   NOT NULL,
    care_month TEXT   NOT NULL,
    amount_ore BIGINT NOT NULL,
    PRIMARY KEY (deed, no)
);

-- A preview that someone put down to be attested; its lines are in the Parquet file that `lines_hash` names.
CREATE TABLE draft (
    deed       BIGINT NOT NULL PRIMARY KEY REFERENCES deed (seq),
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

ALTER TABLE posting RENAME TO posting_before;
ALTER TABLE entry RENAME TO entry_before;

CREATE TABLE entry (
    deed BIGINT NOT NULL REFERENCES deed (seq),
    no   BIGINT NOT NULL,
    unit TEXT   NOT NULL,
    text TEXT   NOT NULL,
    PRIMARY KEY (deed, no)
);

CREATE TABLE posting (
    deed       BIGINT NOT NULL,
    entry      BIGINT NOT NULL,
    no         BIGINT NOT NULL,
    account    TEXT   NOT NULL,
    unit       TEXT   NOT NULL,
    element    TEXT   NOT NULL,
    payer      TEXT   NOT NULL,
    payee      TEXT   NOT NULL,
    care_month TEXT   NOT NULL,
    cause      TEXT   NOT NULL,
    decision   TEXT   NOT NULL,
    financing  TEXT   NOT NULL,
    amount_ore BIGINT NOT NULL,
    PRIMARY KEY (deed, entry, no),
    FOREIGN KEY (deed, entry) REFERENCES entry (deed, no)
);

INSERT INTO deed (seq, kind, subject, by_whom, on_day, due, note)
SELECT seq, 'book', id, '', settled_on, '', '' FROM settlement ORDER BY seq;

INSERT INTO deed_row (deed, no, settlement, unit, payee, contact_id, element, care_month, amount_ore)
SELECT p.settlement, CAST(ROW_NUMBER() OVER (PARTITION BY p.settlement ORDER BY p.unit, p.payee) AS BIGINT), s.id, p.unit,
    p.payee, '', '', '', CAST(-SUM(p.amount_ore) AS BIGINT)
FROM posting_before p JOIN settlement s ON s.seq = p.settlement
WHERE p.account = 'owed-to-provider' GROUP BY p.settlement, s.id, p.unit, p.payee;

INSERT INTO entry (deed, no, unit, text) SELECT settlement, no, unit, text FROM entry_before;
INSERT INTO posting (deed, entry, no, account, unit, element, payer, payee, care_month, cause, decision, financing, amount_ore)
SELECT settlement, entry, no, account, unit, element, payer, payee, care_month, cause, '', '', amount_ore FROM posting_before;

DROP TABLE posting_before;
DROP TABLE entry_before;

-- Who looked at, or took out, rows about a person. `contact_id` is blank where the rows are of many.
CREATE TABLE access (
    seq        BIGINT NOT NULL PRIMARY KEY,
    at_time    TEXT   NOT NULL,
    by_whom    TEXT   NOT NULL,
    action     TEXT   NOT NULL,
    unit       TEXT   NOT NULL,
    contact_id TEXT   NOT NULL,
    row_count  BIGINT NOT NULL,
    note       TEXT   NOT NULL
);

-- Every revision, batch, deed and access in the order they came, each with the hash of its content and of the link before it.
CREATE TABLE link (
    seq     BIGINT NOT NULL PRIMARY KEY,
    kind    TEXT   NOT NULL CHECK (kind IN ('revision', 'batch', 'deed', 'access')),
    ref     BIGINT NOT NULL,
    content TEXT   NOT NULL,
    hash    TEXT   NOT NULL,
    UNIQUE (kind, ref)
);

INSERT INTO form (version) VALUES (3);
