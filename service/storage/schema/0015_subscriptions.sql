-- What is followed, what was last told of it, the events that came of it, and where they are sent.
-- Whether a comparison is due follows from these tables alone: a company whose version, catalogue or
-- day is not that of its outlook. So nothing that happened can be lost on the way to a comparison.

CREATE TABLE served_catalogue (
    place INTEGER PRIMARY KEY CHECK (place = 1),
    version TEXT NOT NULL,
    at TEXT NOT NULL
) STRICT;

CREATE TABLE subscriptions (
    id TEXT PRIMARY KEY,
    tenant TEXT NOT NULL REFERENCES tenants (id),
    kind TEXT NOT NULL,
    target TEXT NOT NULL,
    created_at TEXT NOT NULL,
    actor TEXT NOT NULL,
    catalogue_version TEXT NOT NULL,
    as_of TEXT NOT NULL,
    UNIQUE (tenant, kind, target)
) STRICT;

-- The programmes of a catalogue version in the order of the outlooks, each with its digest.
CREATE TABLE outlook_orders (
    version TEXT PRIMARY KEY,
    content BLOB NOT NULL
) STRICT;

CREATE TABLE company_outlooks (
    tenant TEXT NOT NULL REFERENCES tenants (id),
    uscc TEXT NOT NULL,
    company_version INTEGER NOT NULL,
    catalogue_version TEXT NOT NULL,
    as_of TEXT NOT NULL,
    content BLOB NOT NULL,
    PRIMARY KEY (tenant, uscc)
) STRICT, WITHOUT ROWID;

CREATE TABLE catalogue_outlooks (
    tenant TEXT NOT NULL REFERENCES tenants (id),
    subscription TEXT PRIMARY KEY REFERENCES subscriptions (id) ON DELETE CASCADE,
    catalogue_version TEXT NOT NULL,
    as_of TEXT NOT NULL,
    content BLOB NOT NULL
) STRICT;

CREATE TABLE events (
    tenant TEXT NOT NULL REFERENCES tenants (id),
    seq INTEGER NOT NULL,
    id TEXT NOT NULL UNIQUE,
    at TEXT NOT NULL,
    type TEXT NOT NULL,
    content TEXT NOT NULL,
    PRIMARY KEY (tenant, seq)
) STRICT;

CREATE TABLE webhooks (
    id TEXT PRIMARY KEY,
    tenant TEXT NOT NULL REFERENCES tenants (id),
    url TEXT NOT NULL,
    language TEXT NOT NULL,
    created_at TEXT NOT NULL,
    actor TEXT NOT NULL,
    live INTEGER NOT NULL,
    secret BLOB NOT NULL,
    previous_secret BLOB,
    previous_until TEXT
) STRICT;
CREATE INDEX webhooks_of_tenant ON webhooks (tenant, created_at);

CREATE TABLE deliveries (
    tenant TEXT NOT NULL REFERENCES tenants (id),
    webhook TEXT NOT NULL REFERENCES webhooks (id) ON DELETE CASCADE,
    event TEXT NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    state TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    next_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    outcome TEXT,
    PRIMARY KEY (webhook, event)
) STRICT, WITHOUT ROWID;
CREATE INDEX deliveries_due ON deliveries (next_at) WHERE state = 'waiting';
CREATE INDEX deliveries_of_event ON deliveries (event);
