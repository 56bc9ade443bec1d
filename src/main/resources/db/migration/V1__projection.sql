-- What is known of Polar's objects, one row each.
--
-- Any statement creates the row, in whatever order statements arrive; a row that was only mentioned has nothing but its
-- id. Per column the newest statement wins that carries it: said_at and said_by are the newest of all, and "older" names
-- the columns that an older one told ({"seats": ["<moment>", "<webhook id>"]}) or that none told ({"seats": null}).
-- Rows are locked in the order of the tables below, and by id within a table.

CREATE TABLE customers (
  id          text PRIMARY KEY,
  external_id text,
  deleted_at  timestamptz,
  live_grants jsonb,              -- ids of all live grants, as the newest snapshot listed them
  said_at     timestamptz,
  said_by     text,
  older       jsonb
);

CREATE TABLE subscriptions (
  id                   text PRIMARY KEY,
  customer_id          text,
  organization_id      text,      -- of ours, from the metadata
  product_id           text,
  product_name         text,
  product_metadata     json,
  status               text,
  cancel_at_period_end boolean,
  current_period_start timestamptz,
  current_period_end   timestamptz,
  trial_end            timestamptz,
  ends_at              timestamptz,
  ended_at             timestamptz,
  seats                bigint,
  amount               bigint,    -- minor units of the currency
  currency             text,
  recurring_interval   text,
  said_at              timestamptz,
  said_by              text,
  older                jsonb,
  account              text,      -- whose it is, as last published
  version              bigint,
  published            json       -- the newest message on polar.subscription.changed
);
CREATE INDEX ON subscriptions (customer_id);
CREATE INDEX ON subscriptions (account);

CREATE TABLE orders (
  id              text PRIMARY KEY,
  customer_id     text,
  organization_id text,
  subscription_id text,
  product_id      text,
  status          text,
  billing_reason  text,
  total_amount    bigint,
  refunded_amount bigint,
  currency        text,
  said_at         timestamptz,
  said_by         text,
  older           jsonb
);
CREATE INDEX ON orders (customer_id);

CREATE TABLE grants (
  id              text PRIMARY KEY,
  customer_id     text,
  subscription_id text,
  order_id        text,
  member_id       text,
  benefit_id      text,
  benefit_type    text,
  description     text,
  feature         text,
  is_granted      boolean,        -- as the grant's own events say; whether it is live also depends on snapshots
  granted_at      timestamptz,
  said_at         timestamptz,
  said_by         text,
  older           jsonb,
  account         text            -- who may use the benefit by it; null while it is not live
);
CREATE INDEX ON grants (customer_id);
CREATE INDEX ON grants (subscription_id) WHERE subscription_id IS NOT NULL;
CREATE INDEX ON grants (order_id) WHERE order_id IS NOT NULL;
CREATE INDEX ON grants (account) WHERE account IS NOT NULL;

CREATE TABLE accounts (
  account   text PRIMARY KEY,     -- an organization of ours, or customer:<Polar's id> while unlinked
  version   bigint NOT NULL DEFAULT 0,
  published json                  -- the newest message on polar.entitlement.changed
);

-- For people to read; nothing is decided by them.
CREATE TABLE products (
  id          text PRIMARY KEY,
  name        text,
  description text,
  is_archived boolean,
  metadata    json,
  said_at     timestamptz,
  said_by     text,
  older       jsonb
);

CREATE TABLE benefits (
  id          text PRIMARY KEY,
  type        text,
  description text,
  metadata    json,
  said_at     timestamptz,
  said_by     text,
  older       jsonb
);

-- Every event that was projected, once. What is not in here has changed nothing.
CREATE TABLE inbox (
  webhook_id   text PRIMARY KEY,
  type         text NOT NULL,
  outcome      text NOT NULL CHECK (outcome IN ('applied', 'stale', 'ignored', 'unknown_type')),
  moment       timestamptz,       -- Polar's; null where the type is unknown
  received_at  timestamptz NOT NULL,
  projected_at timestamptz NOT NULL DEFAULT now(),
  origin       text NOT NULL
);
CREATE INDEX ON inbox (received_at);

-- The bodies of the events in the inbox, byte for byte: bytea, because a body need not be a text that PostgreSQL takes.
-- Uncompressed and in line, because compressing them cost more than everything else that an event does here.
CREATE TABLE payloads (
  webhook_id  text PRIMARY KEY,
  received_at timestamptz NOT NULL,
  body        bytea NOT NULL
) WITH (toast_tuple_target = 8160);
ALTER TABLE payloads ALTER COLUMN body SET STORAGE EXTERNAL;

-- Events that could not be applied, with the reason; not in the inbox until a replay succeeds.
CREATE TABLE parked (
  webhook_id      text PRIMARY KEY,
  type            text,           -- null where the body is no event
  reason          text NOT NULL,
  detail          text NOT NULL,
  attempts        integer NOT NULL DEFAULT 1,
  first_failed_at timestamptz NOT NULL DEFAULT now(),
  last_failed_at  timestamptz NOT NULL DEFAULT now(),
  received_at     timestamptz NOT NULL,
  origin          text NOT NULL,
  body            bytea NOT NULL
);
CREATE INDEX ON parked (reason, type);

-- Every change that was published, without personal data: from it a past decision can be told with its cause.
CREATE TABLE history (
  topic            text NOT NULL,
  key              text NOT NULL,
  version          bigint NOT NULL,
  account          text NOT NULL,
  decided_at       timestamptz NOT NULL,
  cause_type       text NOT NULL,
  cause_webhook_id text NOT NULL,
  state            json NOT NULL, -- the message
  PRIMARY KEY (topic, key, version)
);
CREATE INDEX ON history (account, decided_at);

-- Messages on their way to the change topics; removed once they are published.
CREATE TABLE outbox (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  topic       text NOT NULL,
  key         text NOT NULL,
  headers     json NOT NULL,
  value       bytea,              -- null is a tombstone
  received_at timestamptz         -- of the event that caused it
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);

-- How far the raw topic is projected, by the topic's own id: one of the same name on another cluster is another topic.
CREATE TABLE positions (
  topic_id    text NOT NULL,
  partition   integer NOT NULL,
  next_offset bigint NOT NULL,
  PRIMARY KEY (topic_id, partition)
);

-- Which replica may publish, and until when (by the database's clock). One row.
CREATE TABLE relay_lease (
  one        boolean PRIMARY KEY DEFAULT true CHECK (one),
  holder     text NOT NULL,
  expires_at timestamptz NOT NULL
);
