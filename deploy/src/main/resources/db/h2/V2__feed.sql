-- Lanes that may have writes on their way to a store that other nodes reach.
CREATE TABLE feed_lane (
  lane VARCHAR(700) PRIMARY KEY
);
-- How far uploads have come that their clients gave a name; touched: milliseconds since 1970.
CREATE TABLE feed_upload (
  collection VARCHAR(100) NOT NULL,
  upload_key VARCHAR(200) NOT NULL,
  owner VARCHAR(36) NOT NULL,
  acknowledged BIGINT NOT NULL,
  touched BIGINT NOT NULL,
  PRIMARY KEY (collection, upload_key)
);
CREATE INDEX feed_upload_touched ON feed_upload (touched);
