-- Form 5: who may log in, who is logged in, and decisions that wait for a second person.

-- What is said of an account; the last row of a name is true. A blank role closes it, a blank password lets nobody in by password.
CREATE TABLE account (
    seq      BIGINT NOT NULL PRIMARY KEY,
    name     TEXT   NOT NULL,
    role     TEXT   NOT NULL,
    provider TEXT   NOT NULL,
    password TEXT   NOT NULL,
    by_whom  TEXT   NOT NULL,
    at_time  TEXT   NOT NULL
);

-- Somebody who logged in; the token itself is nowhere, only its hash.
CREATE TABLE session (
    token_sha256 TEXT NOT NULL PRIMARY KEY,
    name         TEXT NOT NULL,
    role         TEXT NOT NULL,
    provider     TEXT NOT NULL,
    at_time      TEXT NOT NULL,
    until_time   TEXT NOT NULL
);

CREATE TABLE session_end (
    token_sha256 TEXT NOT NULL PRIMARY KEY,
    at_time      TEXT NOT NULL
);

-- A decision that one person wants to record.
CREATE TABLE proposal (
    seq         BIGINT NOT NULL PRIMARY KEY,
    decision_id TEXT   NOT NULL,
    file        TEXT   NOT NULL,
    body        TEXT   NOT NULL,
    by_whom     TEXT   NOT NULL,
    at_time     TEXT   NOT NULL
);

-- What became of it.
CREATE TABLE proposal_end (
    seq     BIGINT NOT NULL PRIMARY KEY REFERENCES proposal (seq),
    outcome TEXT   NOT NULL CHECK (outcome IN ('approved', 'refused', 'withdrawn')),
    by_whom TEXT   NOT NULL,
    at_time TEXT   NOT NULL,
    note    TEXT   NOT NULL
);

-- What a request with a key of its own gave, so that sending it again does nothing.
CREATE TABLE idempotency (
    key        TEXT NOT NULL,
    by_whom    TEXT NOT NULL,
    request    TEXT NOT NULL,
    status     BIGINT NOT NULL,
    answer     TEXT NOT NULL,
    at_time    TEXT NOT NULL,
    PRIMARY KEY (key, by_whom)
);

-- The chain takes accounts and proposals too. What may be linked is said by the program alone, which knows no other kinds.
CREATE TABLE link_of_any (
    seq     BIGINT NOT NULL PRIMARY KEY,
    kind    TEXT   NOT NULL,
    ref     BIGINT NOT NULL,
    content TEXT   NOT NULL,
    hash    TEXT   NOT NULL,
    UNIQUE (kind, ref)
);
INSERT INTO link_of_any (seq, kind, ref, content, hash) SELECT seq, kind, ref, content, hash FROM link ORDER BY seq;
DROP TABLE link;
ALTER TABLE link_of_any RENAME TO link;

INSERT INTO form (version) VALUES (5);
