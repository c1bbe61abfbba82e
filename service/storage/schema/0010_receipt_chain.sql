-- Answers are made of the catalogue's own words, so they are packed with these as a dictionary; a
-- receipt names its own. The chain holds every receipt to all before it: `receipt` is the digest of its
-- id, `content` of its row as stored, `link` of the link before and both. A receipt that is deleted
-- leaves its place in the chain, which tells nothing of it.

CREATE TABLE dictionaries (
    digest TEXT PRIMARY KEY,
    content BLOB NOT NULL
) STRICT;

ALTER TABLE receipts ADD COLUMN dictionary TEXT REFERENCES dictionaries (digest);

CREATE TABLE receipt_chain (
    number INTEGER PRIMARY KEY,
    receipt BLOB NOT NULL UNIQUE,
    content BLOB NOT NULL,
    link BLOB NOT NULL
) STRICT;

CREATE TRIGGER receipt_chain_is_immutable BEFORE UPDATE ON receipt_chain BEGIN
    SELECT RAISE(ABORT, 'the chain of receipts is never changed');
END;

CREATE TRIGGER receipt_chain_only_grows BEFORE DELETE ON receipt_chain BEGIN
    SELECT RAISE(ABORT, 'the chain of receipts is never cut');
END;
