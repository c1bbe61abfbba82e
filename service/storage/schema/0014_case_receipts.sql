-- The receipts made of a case: who deletes the case deletes them too, and they go with it at the end of
-- its time.

CREATE TABLE case_receipts (
    case_rowid INTEGER NOT NULL REFERENCES cases (rowid) ON DELETE CASCADE,
    receipt TEXT NOT NULL REFERENCES receipts (id) ON DELETE CASCADE,
    PRIMARY KEY (case_rowid, receipt)
) STRICT, WITHOUT ROWID;
CREATE INDEX case_receipts_by_receipt ON case_receipts (receipt);
