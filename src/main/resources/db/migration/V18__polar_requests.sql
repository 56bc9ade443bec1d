-- How many requests to Polar's API may leave, of all replicas together: a token bucket. It has one row, and is kept as
-- the moment at which it is full again, by the database's clock: each request moves that moment on.

CREATE TABLE polar_requests (
  one          boolean PRIMARY KEY DEFAULT true CHECK (one),
  full_at      timestamptz NOT NULL DEFAULT '-infinity',
  closed_until timestamptz NOT NULL DEFAULT '-infinity' -- Polar wants no request before (Retry-After)
);
INSERT INTO polar_requests DEFAULT VALUES;

-- When the latest calls were made for each organization, the oldest first: as many as a minute may have. A row whose
-- calls are all older than a minute is dropped with a later call.
CREATE TABLE polar_organization_calls (
  organization text PRIMARY KEY,
  called_at    timestamptz[] NOT NULL
);
