-- What several machines share beside one state: the files of batches, in pieces, and how often each
-- client has called in a span of time. Counts outlive no crash of the server, and need not: so nobody
-- waits for a disk on their account.

CREATE TABLE batch_files (
    batch TEXT NOT NULL,
    name TEXT NOT NULL,
    part INTEGER NOT NULL,
    at TEXT NOT NULL,
    content BLOB NOT NULL,
    PRIMARY KEY (batch, name, part)
) STRICT, WITHOUT ROWID;

CREATE UNLOGGED TABLE call_counts (
    owner TEXT NOT NULL,
    began INTEGER NOT NULL,
    calls INTEGER NOT NULL,
    PRIMARY KEY (owner, began)
) STRICT, WITHOUT ROWID;
