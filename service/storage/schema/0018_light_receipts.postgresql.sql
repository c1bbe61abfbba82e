-- As 0018_light_receipts.sql, in place.

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

CREATE TABLE receipt_answers (
    receipt INTEGER PRIMARY KEY REFERENCES receipts (rowid) ON DELETE CASCADE,
    content BLOB NOT NULL,
    dictionary TEXT REFERENCES dictionaries (digest)
) STRICT;
INSERT INTO receipt_answers (receipt, content, dictionary)
    SELECT rowid, result, dictionary FROM receipts;

DROP TRIGGER receipts_are_immutable ON receipts;
ALTER TABLE receipts ADD COLUMN origin INTEGER REFERENCES receipt_origins (id) ON DELETE RESTRICT;
UPDATE receipts SET origin = o.id FROM receipt_origins AS o
    WHERE o.catalogue_version = receipts.catalogue_version
    AND o.engine_version = receipts.engine_version
    AND o.dictionary IS NOT DISTINCT FROM receipts.dictionary;
ALTER TABLE receipts ALTER COLUMN origin SET NOT NULL;
ALTER TABLE receipts ALTER COLUMN sha256 TYPE BLOB USING decode(sha256, 'hex');
ALTER TABLE receipts RENAME COLUMN profile TO content;
ALTER TABLE receipts DROP COLUMN catalogue_version;
ALTER TABLE receipts DROP COLUMN engine_version;
ALTER TABLE receipts DROP COLUMN dictionary;
ALTER TABLE receipts DROP COLUMN result;
CREATE INDEX receipts_by_origin ON receipts (origin);

CREATE TRIGGER receipts_are_immutable BEFORE UPDATE ON receipts BEGIN
    SELECT RAISE(ABORT, 'a receipt is never changed');
END;
CREATE TRIGGER receipt_answers_are_immutable BEFORE UPDATE ON receipt_answers BEGIN
    SELECT RAISE(ABORT, 'a receipt is never changed');
END;

ALTER TABLE receipt_chain DROP CONSTRAINT receipt_chain_receipt_key;
