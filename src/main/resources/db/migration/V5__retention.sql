-- What is kept for a time is kept in partitions by time, and forgotten by dropping them: deleting row by row would cost as
-- much as writing, and leave the disk as full as it was.

-- In the order in which a projection of the version before takes them, else one would wait for the other.
LOCK TABLE history, inbox, payloads IN ACCESS EXCLUSIVE MODE;

-- Adds partitions after the newest one, each of the given width, until they reach beyond a moment.
CREATE FUNCTION add_partitions(parent regclass, width interval, until timestamptz) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  newest  regclass;
  upper   timestamptz;
  options text;
  name    text;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('add_partitions'));
  SELECT partition, upper_bound INTO newest, upper FROM partitions_of(parent) ORDER BY upper_bound DESC LIMIT 1;
  SELECT ' WITH (' || array_to_string(reloptions, ', ') || ')' INTO options FROM pg_class WHERE oid = newest;
  WHILE upper <= until LOOP
    name := parent || '_' || to_char(upper AT TIME ZONE 'UTC', 'YYYYMMDD');
    -- Made first and attached then, so that nobody who writes into the other partitions has to wait.
    EXECUTE format('CREATE TABLE %I (LIKE %s INCLUDING ALL)%s', name, parent, coalesce(options, ''));
    EXECUTE format('ALTER TABLE %s ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', parent, name, upper, upper + width);
    upper := upper + width;
  END LOOP;
END $$;

-- Drops the partitions that end at or before a moment, and with them their rows. The newest one stays.
CREATE FUNCTION drop_partitions(parent regclass, before timestamptz) RETURNS integer
LANGUAGE plpgsql AS $$
DECLARE
  old     regclass;
  dropped integer := 0;
BEGIN
  PERFORM set_config('lock_timeout', '2s', true); -- who projects waits behind us
  FOR old IN SELECT partition FROM partitions_of(parent) ORDER BY upper_bound DESC OFFSET 1 LOOP
    IF EXISTS (SELECT FROM partitions_of(parent) WHERE partition = old AND upper_bound <= before) THEN
      EXECUTE format('DROP TABLE %s', old);
      dropped := dropped + 1;
    END IF;
  END LOOP;
  RETURN dropped;
END $$;

CREATE FUNCTION partitions_of(parent regclass) RETURNS TABLE (partition regclass, upper_bound timestamptz)
LANGUAGE sql STABLE AS $$
  SELECT oid::regclass, substring(pg_get_expr(relpartbound, oid) FROM 'TO \(''([^'']+)''\)')::timestamptz
  FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid
  WHERE inhparent = parent
$$;

-- The bodies by when they were stored, not received: what was parked, spooled or lost may have been received long before.
ALTER TABLE payloads RENAME TO payloads_before;
ALTER TABLE payloads_before DROP CONSTRAINT payloads_pkey;
ALTER TABLE payloads_before ADD COLUMN stored_at timestamptz NOT NULL DEFAULT now();
ALTER TABLE payloads_before ADD PRIMARY KEY (webhook_id, stored_at);
CREATE TABLE payloads (LIKE payloads_before INCLUDING DEFAULTS INCLUDING STORAGE, PRIMARY KEY (webhook_id, stored_at))
  PARTITION BY RANGE (stored_at);

ALTER TABLE history RENAME TO history_before;
ALTER TABLE history_before DROP CONSTRAINT history_pkey;
ALTER TABLE history_before ADD PRIMARY KEY (topic, key, version, decided_at);
CREATE TABLE history (LIKE history_before INCLUDING DEFAULTS, PRIMARY KEY (topic, key, version, decided_at))
  PARTITION BY RANGE (decided_at);
CREATE INDEX ON history (account, decided_at);

-- All that was there before is the first partition, until the next Monday.
DO $$
DECLARE
  monday timestamptz := date_trunc('week', now(), 'UTC') + interval '7 days';
BEGIN
  EXECUTE format('ALTER TABLE payloads ATTACH PARTITION payloads_before FOR VALUES FROM (MINVALUE) TO (%L)', monday);
  EXECUTE format('ALTER TABLE history ATTACH PARTITION history_before FOR VALUES FROM (MINVALUE) TO (%L)', monday);
END $$;
SELECT add_partitions('payloads', '7 days', now() + interval '28 days');
SELECT add_partitions('history', '28 days', now() + interval '28 days');

-- Ids are forgotten by when they were projected.
DROP INDEX inbox_received_at_idx;
CREATE INDEX ON inbox (projected_at);
