-- The official wording of articles, imported by the operator from a file of its own. The catalogue
-- holds a gist and a digest only.
CREATE TABLE official_texts (
    measure TEXT NOT NULL,
    article TEXT NOT NULL,
    wording TEXT NOT NULL,
    digest TEXT NOT NULL,
    imported_at TEXT NOT NULL,
    source_sha256 TEXT NOT NULL,
    PRIMARY KEY (measure, article)
) STRICT, WITHOUT ROWID;
