-- A case is what somebody has answered so far. Whoever knows its id may read and change it, so the
-- database keeps only digests of the ids, as it does for the links that let others read a case.

CREATE TABLE cases (
    rowid INTEGER PRIMARY KEY,
    digest TEXT NOT NULL UNIQUE,
    expires_at TEXT NOT NULL,
    content BLOB NOT NULL -- zlib
) STRICT;

CREATE INDEX cases_by_expiry ON cases (expires_at);

CREATE TABLE case_links (
    digest TEXT PRIMARY KEY,
    case_rowid INTEGER NOT NULL REFERENCES cases (rowid) ON DELETE CASCADE,
    made_at TEXT NOT NULL,
    expires_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX case_links_by_case ON case_links (case_rowid);

-- Keys that all processes of one service share, made on first use.
CREATE TABLE server_keys (
    name TEXT PRIMARY KEY,
    key BLOB NOT NULL
) STRICT, WITHOUT ROWID;
