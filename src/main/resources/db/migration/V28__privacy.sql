-- Erasure of what is held on an organization (docs/privacy.md).

-- Ids are hashed with it, so that nobody who reads a hash can try whose it is. Made once, and never changed.
CREATE TABLE erasure_key (
  one    boolean PRIMARY KEY DEFAULT true CHECK (one),
  secret bytea NOT NULL CHECK (octet_length(secret) = 32)
);
INSERT INTO erasure_key (secret) VALUES (uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()));

-- The keyed hash of an organization's or a customer's id.
CREATE FUNCTION erasure_hash(id text) RETURNS bytea
LANGUAGE sql STABLE AS $$
  SELECT sha256(secret || sha256(secret || convert_to(id, 'UTF8'))) FROM erasure_key
$$;

-- Whose data is not to be kept: tombstones. Of a customer of Polar's, for good: Polar gives each new one an id of its
-- own. Of an organization, which may come back, what was said before the erasure was complete.
CREATE TABLE erased_ids (
  kind         text NOT NULL CHECK (kind IN ('organization', 'customer')),
  hash         bytea NOT NULL,
  erased_until timestamptz NOT NULL, -- by Polar's clock; 'infinity' for customers, and while the erasure goes on
  last_version bigint,               -- of the organization's set as it was told last; null for customers
  organization bytea,                -- of a customer, the hash of the organization that it was erased with
  PRIMARY KEY (kind, hash),
  CHECK ((kind = 'organization') = (organization IS NULL))
);
CREATE INDEX ON erased_ids (organization) WHERE organization IS NOT NULL;

-- The requests, with their progress: the record that, and when, an organization's data was erased.
CREATE TABLE erasures (
  id               uuid PRIMARY KEY,
  organization     text NOT NULL,
  customers        text[] NOT NULL,          -- of Polar's, that no other organization uses
  shared_customers text[] NOT NULL,          -- of Polar's, that others use too
  keep_at_provider boolean NOT NULL,         -- Polar's own record of the customer stays
  requested_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
  completed_at     timestamptz,
  due_at           timestamptz NOT NULL DEFAULT clock_timestamp(), -- the next attempt; while one is made, its lease
  attempt          integer NOT NULL DEFAULT 0,
  trouble          text                      -- why the newest attempt did not come to the end
);
CREATE UNIQUE INDEX erasures_pending ON erasures (organization) WHERE completed_at IS NULL;
CREATE INDEX ON erasures (organization, requested_at);
CREATE INDEX erasures_due ON erasures (due_at) WHERE completed_at IS NULL;

CREATE TABLE erasure_steps (
  erasure  uuid NOT NULL REFERENCES erasures,
  position smallint NOT NULL,                 -- they are taken in this order
  step     text NOT NULL,
  done_at  timestamptz,
  outcome  text,                              -- in words
  PRIMARY KEY (erasure, position),
  CHECK ((done_at IS NULL) = (outcome IS NULL))
);
