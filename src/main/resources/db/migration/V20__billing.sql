-- Requests that change something at a provider: each is done once, however often it is sent (docs/idempotency.md). The
-- answers, which may be personal, go after 48 hours at most.

CREATE TABLE idempotent_requests (
  id           text PRIMARY KEY,     -- SHA-256 of caller, organization, call and key; without a key, of the body
  organization text NOT NULL,
  call         text NOT NULL,        -- method and path
  body_sha256  bytea NOT NULL CHECK (octet_length(body_sha256) = 32),
  -- 'claimed': no provider was called. 'acting': a provider may have been called. 'answered': done.
  state        text NOT NULL DEFAULT 'claimed' CHECK (state IN ('claimed', 'acting', 'answered')),
  attempt      integer NOT NULL DEFAULT 1, -- the number of the newest attempt, which alone may change the row
  lease_until  timestamptz NOT NULL, -- the next attempt takes over after that, unless it is answered
  same_until   timestamptz NOT NULL, -- an equal request after that is another one, if this one is answered
  progress     text,                 -- what the next attempt must know of the ones before
  status       smallint,             -- of the answer
  answer       text,                 -- its body
  CHECK (CASE state
    WHEN 'claimed' THEN progress IS NULL AND status IS NULL AND answer IS NULL
    WHEN 'acting' THEN progress IS NOT NULL AND status IS NULL AND answer IS NULL
    ELSE progress IS NULL AND status IS NOT NULL AND answer IS NOT NULL END)
);
CREATE INDEX ON idempotent_requests (same_until);
CREATE INDEX ON idempotent_requests (organization);
