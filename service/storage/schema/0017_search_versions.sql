-- Which program derived a version's search documents: the same one need not derive them again.

CREATE TABLE search_versions (
    version TEXT PRIMARY KEY REFERENCES catalogue_versions (version) ON DELETE CASCADE,
    made_by TEXT NOT NULL
) STRICT, WITHOUT ROWID;
