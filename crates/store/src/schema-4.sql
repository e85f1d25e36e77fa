-- Form 4: which data folder the database belongs to, where it does not lie in the folder itself.

CREATE TABLE home (
    no     BIGINT NOT NULL PRIMARY KEY CHECK (no = 1),
    folder TEXT   NOT NULL
);

INSERT INTO form (version) VALUES (4);
