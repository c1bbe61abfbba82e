-- A key that signs requests: its secret never travels, so it is kept here, sealed, to verify with.
-- What was signed once is remembered while its date would still be believed.

ALTER TABLE api_keys ADD COLUMN signing BLOB;

CREATE TABLE signed_requests (
    owner TEXT NOT NULL,
    nonce TEXT NOT NULL,
    expires_at TEXT NOT NULL,
    PRIMARY KEY (owner, nonce)
) STRICT, WITHOUT ROWID;
CREATE INDEX signed_requests_expiry ON signed_requests (expires_at);
