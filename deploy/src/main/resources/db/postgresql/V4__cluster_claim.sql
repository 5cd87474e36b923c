-- The cluster that uses this journal: renewed by its leader, so that no second one forms beside it.
CREATE TABLE cluster_claim (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  holder VARCHAR(300) NOT NULL,
  home VARCHAR(36) NOT NULL,
  renewed TIMESTAMP WITH TIME ZONE NOT NULL
);
INSERT INTO cluster_claim (id, holder, home, renewed) VALUES (1, '', '', TIMESTAMP WITH TIME ZONE '1970-01-01 00:00:00+00');
