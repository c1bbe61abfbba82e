-- Whether a batch is asked for every verdict of every company, which take longer than its answers;
-- and who sent it: an account, a key, the operator. Of older ones nobody has written that down.

ALTER TABLE batches ADD COLUMN verdicts INTEGER NOT NULL DEFAULT 0;
ALTER TABLE batches ADD COLUMN sent_by TEXT;
