-- Tokens arrive ready, parted by spaces. The tokenizer "ascii" keeps every character above U+007F,
-- also those that the Unicode tables inside SQLite do not know yet.

CREATE TABLE search_documents (
    rowid INTEGER PRIMARY KEY,
    version TEXT NOT NULL REFERENCES catalogue_versions (version) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    UNIQUE (version, kind, id)
) STRICT;

CREATE VIRTUAL TABLE search_index USING fts5 (name, summary, body, tokenize = 'ascii');

CREATE TRIGGER search_documents_deleted AFTER DELETE ON search_documents BEGIN
    DELETE FROM search_index WHERE rowid = old.rowid;
END;
