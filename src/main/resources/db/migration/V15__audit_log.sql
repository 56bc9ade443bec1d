-- Who did what, to what, with which result. Rows are only added: one before an action, one with its result after it. An
-- hour after its end is sealed, so that a row that is changed, removed or added later is found (see docs/audit.md).

-- For each hour, also an empty one, and for longer than the log's rows are kept.
CREATE TABLE audit_seals (
  hour    timestamptz PRIMARY KEY CHECK (hour >= '2020-01-01Z' AND hour < '2200-01-01Z'
                                         AND extract(epoch FROM hour)::bigint % 3600 = 0),
  rows    integer NOT NULL,
  digests bytea NOT NULL, -- of each row, in the order of ids: the id (8 bytes) and the SHA-256 (32 bytes)
  sha256  bytea NOT NULL  -- of the seal before, the hour and the digests
);

-- The time of a row that is being inserted: never in an hour that is sealed, even if the clock was set back. Holds a
-- lock on its hour until the transaction ends, so that no hour is sealed while a row of it may still be committed.
-- Writers share the lock, and wait for nobody.
CREATE FUNCTION audit_moment() RETURNS timestamptz
LANGUAGE plpgsql AS $$
DECLARE
  moment timestamptz;
BEGIN
  LOOP
    moment := audit_now();
    PERFORM pg_advisory_xact_lock_shared(hashtext('audit_log'), audit_hour(moment));
    EXIT WHEN audit_hour(audit_now()) = audit_hour(moment); -- else the hour has ended, and may be sealed
  END LOOP;
  RETURN moment;
END $$;

CREATE FUNCTION audit_now() RETURNS timestamptz
LANGUAGE sql VOLATILE AS $$
  SELECT greatest(clock_timestamp(), (SELECT max(hour) + interval '1 hour' FROM audit_seals))
$$;

-- The number of an hour since 1970, for its lock.
CREATE FUNCTION audit_hour(moment timestamptz) RETURNS integer
LANGUAGE sql IMMUTABLE AS $$ SELECT floor(extract(epoch FROM moment) / 3600)::integer $$;

-- A sequence, not an identity column: partitions would each get an identity of their own.
CREATE SEQUENCE audit_log_id_seq;

CREATE TABLE audit_log (
  id            bigint NOT NULL DEFAULT nextval('audit_log_id_seq') CHECK (id > 0),
  at            timestamptz NOT NULL DEFAULT audit_moment() CHECK (at >= '2020-01-01Z' AND at < '2200-01-01Z'),
  begun         bigint,  -- null in the row before the action; in the one after it, the id of the row before it
  actor_kind    text CHECK (actor_kind IN ('person', 'service', 'operator', 'system')),
  actor         text,    -- who acted: an id of the token's issuer; null for a person, see actor_sha256
  actor_sha256  bytea,   -- of the salted id of a person, see audit_personal
  way           text CHECK (way IN ('api', 'console', 'system')),
  request_id    text,    -- of the request, as its answer has it in X-Request-Id
  organization  text,    -- whose business it was; null where it was no single one's
  action        text,
  target        text,    -- what it was done to; null where that is everything
  changed_from  text,    -- what changed, before it; null where an action changes no single value
  changed_to    text,
  reason_sha256 bytea,   -- of the salted reason that the actor gave, see audit_personal
  result        text,    -- only in the row after the action
  PRIMARY KEY (id, at),
  CHECK (CASE WHEN begun IS NULL
      THEN actor_kind IS NOT NULL AND way IS NOT NULL AND action IS NOT NULL AND result IS NULL
      ELSE action IS NULL AND result IS NOT NULL END)
) PARTITION BY RANGE (at);
CREATE INDEX ON audit_log (begun) WHERE begun IS NOT NULL;
CREATE INDEX ON audit_log (organization, at) WHERE organization IS NOT NULL;
CREATE INDEX ON audit_log (at, id);

-- Personal values of the log's rows, which have only their salted hash: they can be deleted, and the log stays whole.
CREATE TABLE audit_personal (
  id           bigint NOT NULL, -- of the row
  field        text NOT NULL CHECK (field IN ('actor', 'reason')),
  at           timestamptz NOT NULL DEFAULT clock_timestamp(),
  organization text,            -- as in the row
  salt         bytea NOT NULL CHECK (octet_length(salt) = 16),
  value        text NOT NULL,
  PRIMARY KEY (id, field, at)
) PARTITION BY RANGE (at);
CREATE INDEX ON audit_personal (organization) WHERE organization IS NOT NULL;

-- What operators did before this table: two rows each, since the result may have followed. When it did is not known.
CREATE TABLE audit_log_first (LIKE audit_log INCLUDING ALL);
CREATE TABLE audit_personal_first (LIKE audit_personal INCLUDING ALL);
DO $$
DECLARE
  monday timestamptz := date_trunc('week', now(), 'UTC') + interval '7 days';
BEGIN
  EXECUTE format('ALTER TABLE audit_log ATTACH PARTITION audit_log_first FOR VALUES FROM (MINVALUE) TO (%L)', monday);
  EXECUTE format('ALTER TABLE audit_personal ATTACH PARTITION audit_personal_first FOR VALUES FROM (MINVALUE) TO (%L)',
                 monday);
END $$;
SELECT add_partitions('audit_log', '28 days', now() + interval '28 days');
SELECT add_partitions('audit_personal', '28 days', now() + interval '28 days');

-- Takes an entry of the table "audit" over: now, and while replicas of the release before still write there.
CREATE FUNCTION audit_taken_over() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    PERFORM audit_take_over(NEW);
  ELSIF OLD.result IS NULL AND NEW.result IS NOT NULL THEN
    INSERT INTO audit_log (begun, result)
    SELECT taken_over_as, NEW.result FROM audit WHERE id = NEW.id;
  END IF;
  RETURN NULL;
END $$;

ALTER TABLE audit ADD COLUMN taken_over_as bigint; -- the id in audit_log

CREATE FUNCTION audit_take_over(entry audit) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  row_id   bigint := nextval('audit_log_id_seq');
  new_salt bytea := uuid_send(gen_random_uuid());
BEGIN
  -- An entry that is written now gets the time under the hour's lock; nothing is sealed before the first of these.
  INSERT INTO audit_log (id, at, actor_kind, actor, way, action, target, reason_sha256)
  VALUES (row_id, CASE WHEN entry.at < now() THEN entry.at ELSE audit_moment() END, 'operator', entry.actor, entry.way,
          entry.action, entry.target, sha256(new_salt || convert_to(entry.reason, 'UTF8')));
  IF entry.reason IS NOT NULL THEN
    INSERT INTO audit_personal (id, field, salt, value) VALUES (row_id, 'reason', new_salt, entry.reason);
  END IF;
  UPDATE audit SET taken_over_as = row_id, reason = NULL WHERE id = entry.id; -- it is personal, and kept once
  IF entry.result IS NOT NULL THEN
    INSERT INTO audit_log (at, begun, result)
    VALUES (CASE WHEN entry.at < now() THEN entry.at ELSE audit_moment() END, row_id, entry.result);
  END IF;
END $$;

SELECT audit_take_over(audit) FROM audit ORDER BY id;
CREATE TRIGGER taken_over AFTER INSERT OR UPDATE OF result ON audit
FOR EACH ROW EXECUTE FUNCTION audit_taken_over();

-- What was recorded stays so. (A partition whose retention has ended is dropped whole.)
CREATE FUNCTION audit_refuse() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'rows of % are never changed or deleted', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER only_added BEFORE UPDATE OR DELETE ON audit_log FOR EACH ROW EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER not_emptied BEFORE TRUNCATE ON audit_log FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER only_added BEFORE UPDATE OR DELETE ON audit_seals FOR EACH ROW EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER not_emptied BEFORE TRUNCATE ON audit_seals FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
