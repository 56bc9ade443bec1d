-- What is read of Polar's objects beside what decides access: products with prices, orders with amounts, checkouts,
-- members, seats and meters. As in the tables of V1, the newest statement wins per column.
--
-- A column that came after its table has its stamp in added_stamps ([{"at": "<moment>", "by": "<webhook id>",
-- "fields": ["seats"]}]), not in said_at and older: a release that does not know the column moves those.

-- In the order in which projections take them, else one would wait for the other. Projections wait while the indexes
-- are built.
LOCK TABLE subscriptions, orders IN ACCESS EXCLUSIVE MODE;
LOCK TABLE customers IN SHARE MODE;
LOCK TABLE products, inbox IN ACCESS EXCLUSIVE MODE;

ALTER TABLE subscriptions
  ADD COLUMN checkout_id  text,
  ADD COLUMN added_stamps jsonb;
CREATE INDEX ON subscriptions (checkout_id) WHERE checkout_id IS NOT NULL;

ALTER TABLE orders
  ADD COLUMN created_at      timestamptz,
  ADD COLUMN checkout_id     text,
  ADD COLUMN product_name    text,
  ADD COLUMN subtotal_amount bigint,   -- minor units of the currency, as all amounts
  ADD COLUMN discount_amount bigint,
  ADD COLUMN tax_amount      bigint,
  ADD COLUMN invoice_number  text,
  ADD COLUMN seats           bigint,
  ADD COLUMN added_stamps    jsonb;
CREATE INDEX ON orders (organization_id, created_at, id) WHERE organization_id IS NOT NULL;
-- Those of its customer: the metadata names none, or what cannot name one.
CREATE INDEX ON orders (customer_id, created_at, id)
  WHERE organization_id IS NULL OR organization_id !~ '\S' OR starts_with(organization_id, 'customer:');
CREATE INDEX ON orders (checkout_id) WHERE checkout_id IS NOT NULL;
CREATE INDEX ON customers (external_id) WHERE external_id IS NOT NULL;

ALTER TABLE products
  ADD COLUMN created_at               timestamptz,
  ADD COLUMN visibility               text,
  ADD COLUMN recurring_interval       text,
  ADD COLUMN recurring_interval_count bigint,
  ADD COLUMN trial_interval           text,
  ADD COLUMN trial_interval_count     bigint,
  ADD COLUMN prices                   json,    -- as Polar writes them
  ADD COLUMN benefit_ids              jsonb,
  ADD COLUMN added_stamps             jsonb;

CREATE TABLE checkouts (
  id                   text PRIMARY KEY,
  customer_id          text,
  organization_id      text,      -- of ours, from the metadata
  external_customer_id text,
  product_id           text,
  status               text,
  total_amount         bigint,
  currency             text,
  seats                bigint,
  created_at           timestamptz,
  expires_at           timestamptz,
  said_at              timestamptz,
  said_by              text,
  older                jsonb
);
CREATE INDEX ON checkouts (organization_id, created_at) WHERE organization_id IS NOT NULL;
CREATE INDEX ON checkouts (customer_id) WHERE customer_id IS NOT NULL;

CREATE TABLE members (
  id          text PRIMARY KEY,
  customer_id text,
  external_id text,               -- our user
  email       text,
  name        text,
  role        text,
  created_at  timestamptz,
  deleted_at  timestamptz,
  said_at     timestamptz,
  said_by     text,
  older       jsonb
);
CREATE INDEX ON members (customer_id);
CREATE INDEX ON members (external_id) WHERE external_id IS NOT NULL;

CREATE TABLE seats (
  id              text PRIMARY KEY,
  subscription_id text,
  order_id        text,
  status          text,
  customer_id     text,
  member_id       text,
  email           text,
  created_at      timestamptz,
  claimed_at      timestamptz,
  revoked_at      timestamptz,
  said_at         timestamptz,
  said_by         text,
  older           jsonb
);
CREATE INDEX ON seats (subscription_id) WHERE subscription_id IS NOT NULL;
CREATE INDEX ON seats (order_id) WHERE order_id IS NOT NULL;

CREATE TABLE meters (
  id          text PRIMARY KEY,
  name        text,
  archived_at timestamptz,
  said_at     timestamptz,
  said_by     text,
  older       jsonb
);

CREATE TABLE customer_meters (
  id             text PRIMARY KEY,
  customer_id    text,
  meter_id       text,
  consumed_units numeric,
  credited_units numeric,
  balance        numeric,
  said_at        timestamptz,
  said_by        text,
  older          jsonb
);
CREATE INDEX ON customer_meters (customer_id);

-- Which statements of an event were applied: null those that the releases before this table knew. What a later release
-- reads in addition is filled from the kept payloads of such events.
ALTER TABLE inbox ADD COLUMN statements smallint;
CREATE INDEX inbox_read_before ON inbox (received_at, webhook_id) WHERE statements IS NULL;

-- The kinds of which all of Polar's objects are here, as far as its list tells: a run of reconciliation has read the
-- list to its end, and later ones keep it up to date. Times are by Polar's clock.
CREATE TABLE reconciliation_lists (
  kind     text PRIMARY KEY,
  read_at  timestamptz NOT NULL,  -- when the last run began that read the list, as far back as it had to
  whole_at timestamptz            -- when the last run began that read it whole
);
