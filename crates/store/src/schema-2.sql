-- Form 2: what a rejected row was about, so that it can be told to the unit and seen to be mended, and what only
-- the import could see of a row that was kept.

-- Texts as written; never a personal number. `reported_on` and `care_date` are blank where they could not be read.
CREATE TABLE rejected_contact (
    batch       BIGINT NOT NULL,
    no          BIGINT NOT NULL,
    contact_id  TEXT   NOT NULL,
    unit        TEXT   NOT NULL,
    report      TEXT   NOT NULL,
    reported_on TEXT   NOT NULL,
    care_date   TEXT   NOT NULL,
    PRIMARY KEY (batch, no),
    FOREIGN KEY (batch, no) REFERENCES rejected_row (batch, no)
);

CREATE TABLE warned_row (
    batch      BIGINT NOT NULL REFERENCES batch (seq),
    no         BIGINT NOT NULL,
    line       BIGINT NOT NULL,
    code       TEXT   NOT NULL,
    contact_id TEXT   NOT NULL,
    value      TEXT   NOT NULL,
    PRIMARY KEY (batch, no)
);

INSERT INTO form (version) VALUES (2);
