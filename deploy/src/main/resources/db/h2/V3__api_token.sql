-- Who may use the API; times: milliseconds since 1970.
CREATE TABLE api_token (
  name VARCHAR(100) PRIMARY KEY,
  hash VARCHAR(64) NOT NULL UNIQUE,
  scope VARCHAR(10) NOT NULL,
  created BIGINT NOT NULL,
  expires BIGINT,
  created_by VARCHAR(100) NOT NULL
);
