-- Objects that must be read at a provider that tells less than Polar: reconciliation reads them, and lets each in as a
-- snapshot. A row goes once a snapshot that speaks after speaks_after is in the raw topic.
CREATE TABLE due_reads (
  provider     text NOT NULL CHECK (provider IN ('conekta', 'fungies')),
  kind         text NOT NULL CHECK (kind IN ('order', 'subscription')),
  id           text NOT NULL,        -- as in subscriptions and orders
  customer_id  text,
  reason       text NOT NULL CHECK (reason IN ('tie', 'silence', 'period_end', 'mapped_plan')),
  speaks_after timestamptz NOT NULL, -- the newest statement about it, or the period's end: by the provider's clock
  due_at       timestamptz NOT NULL,
  failures     integer NOT NULL DEFAULT 0, -- since it was last read
  leased_until timestamptz,          -- a replica reads it until then
  PRIMARY KEY (kind, id)
);
CREATE INDEX ON due_reads (due_at);

-- The last period of each subscription whose end was a reason to read it, so that one that is gone is read once.
CREATE TABLE period_reads (
  subscription_id text PRIMARY KEY,
  period_end      timestamptz NOT NULL
);

LOCK TABLE subscriptions, inbox IN SHARE MODE;
CREATE INDEX subscriptions_conekta ON subscriptions (current_period_end) WHERE starts_with(id, 'conekta:');

-- When Conekta last delivered something about an object.
CREATE INDEX inbox_conekta ON inbox (received_at)
  WHERE starts_with(webhook_id, 'conekta:') AND outcome IN ('applied', 'stale') AND origin IN ('webhook', 'spool');
