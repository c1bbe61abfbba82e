-- Batches: what a tenant has asked of many companies at once, and how far it is. The files lie
-- beside the database.

CREATE TABLE batches (
    id TEXT PRIMARY KEY,
    tenant TEXT NOT NULL REFERENCES tenants (id),
    name TEXT NOT NULL,
    state TEXT NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    expires_at TEXT NOT NULL,
    as_of TEXT NOT NULL,
    language TEXT NOT NULL,
    ending TEXT NOT NULL,
    rows INTEGER NOT NULL,
    errors INTEGER NOT NULL,
    catalogue_version TEXT,
    problem TEXT,
    understood TEXT NOT NULL
) STRICT;
CREATE INDEX batches_of_tenant ON batches (tenant, created_at);
CREATE INDEX batches_by_state ON batches (state);
