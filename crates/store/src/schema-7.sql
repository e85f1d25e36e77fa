-- Form 7: the access log grows by every page about persons; what is asked of it is found without reading it whole.

CREATE INDEX access_by_action ON access (action, seq);
CREATE INDEX access_by_time ON access (at_time, seq);

INSERT INTO form (version) VALUES (7);
