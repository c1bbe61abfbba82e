-- A receipt keeps what was asked, what came out by status and amount, and the digest of the answer, which
-- is made again when somebody wants it. What thousands of receipts have in common stands once, as their
-- origin: catalogue, program, the form of its answers and the dictionary of `content`. Form 0: `content` is
-- what was asked alone, and the answer was kept whole from the first. `receipt_answers` has the answers
-- that are kept whole, those of form 0 and those that a later program would not make again.

CREATE TABLE receipt_origins (
    id INTEGER PRIMARY KEY,
    catalogue_version TEXT NOT NULL REFERENCES catalogue_versions (version) ON DELETE RESTRICT,
    engine_version TEXT NOT NULL,
    answer_form INTEGER NOT NULL,
    dictionary TEXT REFERENCES dictionaries (digest)
) STRICT;
CREATE INDEX receipt_origins_by_catalogue ON receipt_origins (catalogue_version);
INSERT INTO receipt_origins (catalogue_version, engine_version, answer_form, dictionary)
    SELECT DISTINCT catalogue_version, engine_version, 0, dictionary FROM receipts;

DROP TRIGGER receipts_are_immutable;
DROP INDEX receipts_by_time;
DROP INDEX receipts_by_catalogue;
ALTER TABLE receipts RENAME TO whole_receipts;

CREATE TABLE receipts (
    rowid INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    created_at TEXT NOT NULL,
    as_of TEXT NOT NULL,
    origin INTEGER NOT NULL REFERENCES receipt_origins (id) ON DELETE RESTRICT,
    sha256 BLOB NOT NULL,
    content BLOB NOT NULL,
    tenant TEXT
) STRICT;
INSERT INTO receipts (rowid, id, created_at, as_of, origin, sha256, content, tenant)
    SELECT w.rowid, w.id, w.created_at, w.as_of, o.id, unhex(w.sha256), w.profile, w.tenant
    FROM whole_receipts AS w JOIN receipt_origins AS o ON o.catalogue_version = w.catalogue_version
    AND o.engine_version = w.engine_version AND o.dictionary IS NOT DISTINCT FROM w.dictionary;
CREATE INDEX receipts_by_time ON receipts (created_at);
CREATE INDEX receipts_by_origin ON receipts (origin);

CREATE TABLE receipt_answers (
    receipt INTEGER PRIMARY KEY REFERENCES receipts (rowid) ON DELETE CASCADE,
    content BLOB NOT NULL,
    dictionary TEXT REFERENCES dictionaries (digest)
) STRICT;
INSERT INTO receipt_answers (receipt, content, dictionary)
    SELECT rowid, result, dictionary FROM whole_receipts;

CREATE TABLE receipts_of_cases (
    case_rowid INTEGER NOT NULL REFERENCES cases (rowid) ON DELETE CASCADE,
    receipt TEXT NOT NULL REFERENCES receipts (id) ON DELETE CASCADE,
    PRIMARY KEY (case_rowid, receipt)
) STRICT, WITHOUT ROWID;
INSERT INTO receipts_of_cases (case_rowid, receipt) SELECT case_rowid, receipt FROM case_receipts;
DROP TABLE case_receipts;
ALTER TABLE receipts_of_cases RENAME TO case_receipts;
CREATE INDEX case_receipts_by_receipt ON case_receipts (receipt);
DROP TABLE whole_receipts;

CREATE TRIGGER receipts_are_immutable BEFORE UPDATE ON receipts BEGIN
    SELECT RAISE(ABORT, 'a receipt is never changed');
END;
CREATE TRIGGER receipt_answers_are_immutable BEFORE UPDATE ON receipt_answers BEGIN
    SELECT RAISE(ABORT, 'a receipt is never changed');
END;

-- A receipt's id is impossible to guess and found once among receipts: its place in the chain needs no index.
DROP TRIGGER receipt_chain_is_immutable;
DROP TRIGGER receipt_chain_only_grows;
ALTER TABLE receipt_chain RENAME TO indexed_chain;
CREATE TABLE receipt_chain (
    number INTEGER PRIMARY KEY,
    receipt BLOB NOT NULL,
    content BLOB NOT NULL,
    link BLOB NOT NULL
) STRICT;
INSERT INTO receipt_chain (number, receipt, content, link)
    SELECT number, receipt, content, link FROM indexed_chain;
DROP TABLE indexed_chain;
CREATE TRIGGER receipt_chain_is_immutable BEFORE UPDATE ON receipt_chain BEGIN
    SELECT RAISE(ABORT, 'the chain of receipts is never changed');
END;
CREATE TRIGGER receipt_chain_only_grows BEFORE DELETE ON receipt_chain BEGIN
    SELECT RAISE(ABORT, 'the chain of receipts is never cut');
END;
