-- Catalogue versions by content: a file that did not change between versions is stored once.

CREATE TABLE catalogue_versions (
    version TEXT PRIMARY KEY,
    saved_at TEXT NOT NULL
) STRICT;

CREATE TABLE catalogue_blobs (
    id INTEGER PRIMARY KEY,
    sha256 TEXT NOT NULL UNIQUE,
    content BLOB NOT NULL -- zlib
) STRICT;

CREATE TABLE catalogue_files (
    version TEXT NOT NULL REFERENCES catalogue_versions (version) ON DELETE CASCADE,
    path TEXT NOT NULL,
    blob INTEGER NOT NULL REFERENCES catalogue_blobs (id),
    PRIMARY KEY (version, path)
) STRICT, WITHOUT ROWID;

CREATE INDEX catalogue_files_by_blob ON catalogue_files (blob);
