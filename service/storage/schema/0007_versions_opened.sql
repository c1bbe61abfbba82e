-- When a service was last opened under a version: after a return to older files that one is the last
-- that was good, not the one saved last.

ALTER TABLE catalogue_versions ADD COLUMN opened_at TEXT;
