-- A receipt belongs to the tenant whose key asked for it; without one it is nobody's, and whoever
-- knows its id may read it.

ALTER TABLE receipts ADD COLUMN tenant TEXT;
