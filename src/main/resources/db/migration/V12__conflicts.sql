-- Bodies that came under the webhook id of another body, and parked events that are not to be applied.

-- The body that is stored first under an id counts; these change nothing.
CREATE TABLE conflicts (
  webhook_id  text NOT NULL,
  body_sha256 bytea NOT NULL,
  type        text,               -- null where the body is no event
  received_at timestamptz NOT NULL,
  stored_at   timestamptz NOT NULL,
  origin      text NOT NULL,
  body        bytea NOT NULL,
  PRIMARY KEY (webhook_id, body_sha256)
);

-- In the order in which a projection of the version before takes them, else one would wait for the other.
LOCK TABLE inbox, parked IN ACCESS EXCLUSIVE MODE;

-- A parked event that an operator has discarded is in the inbox as such, so that it stays so when it is repeated. It may
-- have no type. (Not validated: all rows satisfied the narrower constraint.)
ALTER TABLE inbox ALTER COLUMN type DROP NOT NULL;
ALTER TABLE inbox DROP CONSTRAINT inbox_outcome_check;
ALTER TABLE inbox ADD CONSTRAINT inbox_outcome_check
  CHECK (outcome IN ('applied', 'stale', 'ignored', 'unknown_type', 'discarded')) NOT VALID;

-- When the retention of the body ended. It is then empty, and the event cannot be replayed any more.
ALTER TABLE parked ADD COLUMN body_forgotten_at timestamptz;

-- Why, as the operator says; null where nobody is asked.
ALTER TABLE audit ADD COLUMN reason text;
