-- Of an answer that is made again from what it is about, `kept` is the id of that, so that what is deleted is
-- nowhere else; of another it is the answer. The copies of before go, which also held secrets that are shown once.
DROP TABLE idempotency;
CREATE TABLE idempotency (
    owner TEXT NOT NULL,
    key TEXT NOT NULL,
    digest BLOB NOT NULL,
    kept BLOB,
    expires_at TEXT NOT NULL,
    PRIMARY KEY (owner, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX idempotency_expiry ON idempotency (expires_at);
