-- The time for which nodes have been up, by their monotonic clocks: uploads are forgotten by it.
CREATE TABLE journal_uptime (
  millis BIGINT NOT NULL
);
INSERT INTO journal_uptime (millis) VALUES (0);
-- touched: milliseconds of journal_uptime; fingerprint: SHA-256 of the body up to the acknowledged line.
UPDATE feed_upload SET touched = 0;
ALTER TABLE feed_upload ADD COLUMN fingerprint VARCHAR(64);
