-- What each event did to each benefit of an account: from it a past decision can be explained. Messages of
-- polar.entitlement.changed tell the set after a whole transaction, and "history" keeps only some of them.

-- Before the new table exists, so that the wait for projections of the version before holds nothing else up.
LOCK TABLE accounts IN ACCESS EXCLUSIVE MODE;

-- A sequence, not an identity column: partitions would each get an identity of their own.
CREATE SEQUENCE benefit_changes_id_seq;

CREATE TABLE benefit_changes (
  id               bigint NOT NULL DEFAULT nextval('benefit_changes_id_seq'), -- per account, in the order of events
  account          text NOT NULL,
  benefit_id       text NOT NULL,
  effect           text NOT NULL CHECK (effect IN ('granted', 'revoked', 'changed')),
  version          bigint NOT NULL, -- of the message, which tells what all events of the transaction did
  decided_at       timestamptz NOT NULL,
  cause_type       text NOT NULL,
  cause_webhook_id text NOT NULL,
  caused_at        timestamptz NOT NULL, -- by Polar's clock
  benefit          json NOT NULL,    -- after the event (before it, if revoked), with its first grants
  PRIMARY KEY (account, benefit_id, id, decided_at)
) PARTITION BY RANGE (decided_at);
CREATE INDEX ON benefit_changes (account, version, id);
CREATE INDEX ON benefit_changes USING brin (decided_at) WITH (pages_per_range = 16);

CREATE TABLE benefit_changes_first (LIKE benefit_changes INCLUDING ALL);
DO $$
DECLARE
  monday timestamptz := date_trunc('week', now(), 'UTC') + interval '7 days';
BEGIN
  EXECUTE format('ALTER TABLE benefit_changes ATTACH PARTITION benefit_changes_first FOR VALUES FROM (MINVALUE) TO (%L)',
                 monday);
END $$;
SELECT add_partitions('benefit_changes', '28 days', now() + interval '28 days');

-- When "history" got the account's whole set, and how many characters its changes since then take.
ALTER TABLE accounts ADD COLUMN history_set_at timestamptz, ADD COLUMN changed_characters bigint NOT NULL DEFAULT 0;
