-- Receipts are written once and deleted at most; profile and result are zlib.

CREATE TABLE receipts (
    rowid INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    created_at TEXT NOT NULL,
    as_of TEXT NOT NULL,
    catalogue_version TEXT NOT NULL REFERENCES catalogue_versions (version) ON DELETE RESTRICT,
    engine_version TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    sm3 TEXT NOT NULL,
    profile BLOB NOT NULL,
    result BLOB NOT NULL
) STRICT;

CREATE INDEX receipts_by_time ON receipts (created_at);
CREATE INDEX receipts_by_catalogue ON receipts (catalogue_version);

CREATE TRIGGER receipts_are_immutable BEFORE UPDATE ON receipts BEGIN
    SELECT RAISE(ABORT, 'a receipt is never changed');
END;
