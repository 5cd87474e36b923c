-- Journal and snapshots as pekko-persistence-jdbc 1.1 expects them.
CREATE TABLE event_journal (
  ordering BIGSERIAL,
  persistence_id VARCHAR(255) NOT NULL,
  sequence_number BIGINT NOT NULL,
  deleted BOOLEAN DEFAULT FALSE NOT NULL,
  writer VARCHAR(255) NOT NULL,
  write_timestamp BIGINT,
  adapter_manifest VARCHAR(255),
  event_ser_id INTEGER NOT NULL,
  event_ser_manifest VARCHAR(255) NOT NULL,
  event_payload BYTEA NOT NULL,
  meta_ser_id INTEGER,
  meta_ser_manifest VARCHAR(255),
  meta_payload BYTEA,
  PRIMARY KEY (persistence_id, sequence_number)
);
CREATE UNIQUE INDEX event_journal_ordering_idx ON event_journal (ordering);
CREATE TABLE event_tag (
  event_id BIGINT,
  tag VARCHAR(256),
  PRIMARY KEY (event_id, tag),
  CONSTRAINT fk_event_journal FOREIGN KEY (event_id) REFERENCES event_journal (ordering) ON DELETE CASCADE
);
CREATE TABLE snapshot (
  persistence_id VARCHAR(255) NOT NULL,
  sequence_number BIGINT NOT NULL,
  created BIGINT NOT NULL,
  snapshot_ser_id INTEGER NOT NULL,
  snapshot_ser_manifest VARCHAR(255) NOT NULL,
  snapshot_payload BYTEA NOT NULL,
  meta_ser_id INTEGER,
  meta_ser_manifest VARCHAR(255),
  meta_payload BYTEA,
  PRIMARY KEY (persistence_id, sequence_number)
);

-- The read side: one row a repository, and its history. Names are compared as bytes, so that paging has one order everywhere.
CREATE TABLE repository_view (
  name VARCHAR(100) COLLATE "C" PRIMARY KEY,
  seq BIGINT NOT NULL,
  collection VARCHAR(100) NOT NULL,
  status TEXT NOT NULL
);
CREATE INDEX repository_view_collection ON repository_view (collection);
CREATE TABLE repository_log (
  name VARCHAR(100) NOT NULL,
  seq BIGINT NOT NULL,
  at TIMESTAMP(3) WITH TIME ZONE NOT NULL,
  type VARCHAR(40) NOT NULL,
  message TEXT NOT NULL,
  data TEXT NOT NULL,
  PRIMARY KEY (name, seq)
);
