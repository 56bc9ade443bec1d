-- From a purchase to what it unlocks (docs/selling.md). Projections signal purchases that write no message into the
-- outbox on the channel "purchases".

-- When what was bought by a checkout was last read at the provider, since its webhooks did not come. Rows go after an
-- hour.
CREATE TABLE activation_reads (
  checkout_id  text PRIMARY KEY,
  organization text NOT NULL,
  read_at      timestamptz NOT NULL
);
CREATE INDEX ON activation_reads (read_at);
CREATE INDEX ON activation_reads (organization, read_at);

-- The purchases whose time to the grant has been measured, each by one replica. Rows go after a week.
CREATE TABLE activations (
  checkout_id text PRIMARY KEY,
  seconds     double precision NOT NULL, -- from the provider's success to the last grant, by its clock
  measured_at timestamptz NOT NULL
);
CREATE INDEX ON activations (measured_at);
CREATE INDEX checkouts_succeeded ON checkouts (created_at) WHERE status = 'succeeded';
