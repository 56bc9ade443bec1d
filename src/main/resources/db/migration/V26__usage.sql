-- Metered events, on their way to Polar (docs/usage.md).

-- What was taken in the last 45 days, so that nothing is taken twice.
CREATE TABLE usage_keys (
  organization text NOT NULL,
  id           uuid NOT NULL,    -- UUIDv5 of organization and key: the event's external_id at Polar
  event_name   text NOT NULL,
  quantity     numeric NOT NULL,
  taken_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (organization, id)
) PARTITION BY HASH (organization, id);

DO $$
BEGIN
  FOR i IN 0..3 LOOP
    EXECUTE format('CREATE TABLE usage_keys_%s PARTITION OF usage_keys FOR VALUES WITH (MODULUS 4, REMAINDER %s)',
                   i, i);
  END LOOP;
END $$;

-- The oldest are deleted, while the table is never read as a whole.
CREATE INDEX ON usage_keys (taken_at);

-- What Polar has not taken yet. A row is deleted in the transaction that adds it to usage_sent.
CREATE TABLE usage_events (
  organization text NOT NULL,
  id           uuid NOT NULL,
  key          text NOT NULL,        -- the producer's, or made for it
  event_name   text NOT NULL,
  quantity     numeric NOT NULL,
  properties   text,                 -- a JSON object; null if there are none
  occurred_at  timestamptz NOT NULL,
  accepted_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
  due_at       timestamptz NOT NULL, -- not to be sent before
  -- 'pending': to be sent. 'not_billable': the organization has no customer at Polar. 'parked': Polar refuses it.
  state        text NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'not_billable', 'parked')),
  reason       text,                 -- why it is parked
  PRIMARY KEY (organization, id),
  CHECK ((state = 'parked') = (reason IS NOT NULL))
);
-- From one organization to the next, and within one in the order of time.
CREATE INDEX usage_events_by_state ON usage_events (state, organization, due_at, id);

-- What Polar has taken, but may not have told yet by a meter: summed over each sending. Rows go after some hours.
CREATE TABLE usage_sent (
  id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  organization text NOT NULL,
  event_name   text NOT NULL,
  quantity     numeric NOT NULL,
  events       integer NOT NULL,
  sent_at      timestamptz NOT NULL -- by Polar's clock
);
CREATE INDEX ON usage_sent (organization, sent_at);
CREATE INDEX ON usage_sent (sent_at);

-- One replica sends at a time. Who holds it does not decide what is counted: the same ids may be sent twice.
CREATE TABLE usage_sender (
  one        boolean PRIMARY KEY DEFAULT true CHECK (one),
  holder     text NOT NULL,
  expires_at timestamptz NOT NULL
);
