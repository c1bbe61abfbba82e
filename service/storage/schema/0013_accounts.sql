-- People of a tenant, who work at the desk: how they prove who they are, and where they are logged
-- in. A session is kept by the digest of its secret.

CREATE TABLE accounts (
    id TEXT PRIMARY KEY,
    tenant TEXT NOT NULL REFERENCES tenants (id),
    name TEXT NOT NULL UNIQUE,
    role TEXT NOT NULL,
    password TEXT,
    subject TEXT UNIQUE,
    created_at TEXT NOT NULL,
    ended_at TEXT
) STRICT;
CREATE INDEX accounts_of_tenant ON accounts (tenant, name);

CREATE TABLE sessions (
    digest TEXT PRIMARY KEY,
    tenant TEXT NOT NULL,
    account TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    made_at TEXT NOT NULL,
    used_at TEXT NOT NULL,
    expires_at TEXT NOT NULL
) STRICT;
CREATE INDEX sessions_of_account ON sessions (account, made_at);
CREATE INDEX sessions_expiry ON sessions (expires_at);

-- Logins that failed lately, by whom they were tried for and from where.
CREATE TABLE login_failures (
    owner TEXT NOT NULL,
    at TEXT NOT NULL
) STRICT;
CREATE INDEX login_failures_of ON login_failures (owner, at);
CREATE INDEX login_failures_by_time ON login_failures (at);

-- What a person saw of a company when it was last marked as seen: the programmes in reach or open.
CREATE TABLE looks (
    tenant TEXT NOT NULL,
    account TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    uscc TEXT NOT NULL,
    at TEXT NOT NULL,
    statuses BLOB NOT NULL,
    PRIMARY KEY (account, uscc)
) STRICT, WITHOUT ROWID;
CREATE INDEX looks_at_company ON looks (tenant, uscc);
