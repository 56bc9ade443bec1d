-- So that an organization's trail is read without reading all that ever happened to it, removed seals of the audit log
-- are found, and one replica at a time verifies it.

-- Projections wait while the indexes are built. In the order in which they take the tables, else one would wait for the
-- other.
CREATE INDEX ON benefit_changes (account, decided_at);
CREATE INDEX ON history (account, decided_at) WHERE topic = 'polar.subscription.changed';

LOCK TABLE audit_seals IN SHARE ROW EXCLUSIVE MODE; -- no hour is sealed meanwhile

-- What is known of the chain of seals beside the seals: with which it begins, and how many were ever made.
CREATE TABLE audit_chain (
  one          boolean PRIMARY KEY DEFAULT true CHECK (one),
  first_hour   timestamptz NOT NULL,
  first_sha256 bytea NOT NULL,
  seals        bigint NOT NULL
);
INSERT INTO audit_chain (first_hour, first_sha256, seals)
SELECT hour, sha256, (SELECT count(*) FROM audit_seals) FROM audit_seals ORDER BY hour LIMIT 1;

-- By a trigger, since replicas of the release before seal too.
CREATE FUNCTION audit_chain_grown() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO audit_chain (first_hour, first_sha256, seals) VALUES (NEW.hour, NEW.sha256, 1)
  ON CONFLICT (one) DO UPDATE SET seals = audit_chain.seals + 1;
  RETURN NULL;
END $$;
CREATE TRIGGER chained AFTER INSERT ON audit_seals FOR EACH ROW EXECUTE FUNCTION audit_chain_grown();

CREATE TRIGGER only_grows BEFORE UPDATE ON audit_chain FOR EACH ROW
WHEN (NEW.first_hour <> OLD.first_hour OR NEW.first_sha256 <> OLD.first_sha256 OR NEW.seals <> OLD.seals + 1)
EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER never_removed BEFORE DELETE ON audit_chain FOR EACH ROW EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER not_emptied BEFORE TRUNCATE ON audit_chain FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();

-- Which verification runs.
CREATE TABLE audit_verification (
  one        boolean PRIMARY KEY DEFAULT true CHECK (one),
  holder     text NOT NULL,
  expires_at timestamptz NOT NULL
);

-- An action has one result. (A unique index would have to have the time in it, since the log is partitioned by it.)
CREATE FUNCTION audit_only_result() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('audit_log', NEW.begun)); -- a second one waits for the first
  IF EXISTS (SELECT FROM audit_log WHERE begun = NEW.begun) THEN
    RAISE EXCEPTION 'action % has a result', NEW.begun USING ERRCODE = 'unique_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER one_result BEFORE INSERT ON audit_log FOR EACH ROW WHEN (NEW.begun IS NOT NULL)
EXECUTE FUNCTION audit_only_result();

-- As before, and with the parent's triggers for TRUNCATE, which partitions do not inherit.
CREATE OR REPLACE FUNCTION add_partitions(parent regclass, width interval, until timestamptz) RETURNS void
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
    PERFORM guard_partition(parent, to_regclass(quote_ident(name)));
    EXECUTE format('ALTER TABLE %s ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', parent, name, upper, upper + width);
    upper := upper + width;
  END LOOP;
END $$;

CREATE FUNCTION guard_partition(parent regclass, partition regclass) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  guard record;
BEGIN
  FOR guard IN SELECT tgname, tgfoid::regproc AS refuse FROM pg_trigger
               WHERE tgrelid = parent AND NOT tgisinternal AND tgtype & 32 <> 0 LOOP -- TRUNCATE
    EXECUTE format('CREATE TRIGGER %I BEFORE TRUNCATE ON %s FOR EACH STATEMENT EXECUTE FUNCTION %s()', guard.tgname,
                   partition, guard.refuse);
  END LOOP;
END $$;
SELECT guard_partition('audit_log', partition) FROM partitions_of('audit_log');

-- Replicas of the release that has the table "audit" add no partitions to the log: after a rollback that lasts, nobody
-- else may be there who does.
CREATE OR REPLACE FUNCTION audit_taken_over() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  IF (SELECT max(upper_bound) FROM partitions_of('audit_log')) < now() + interval '1 day' THEN
    PERFORM add_partitions('audit_log', '28 days', now() + interval '28 days');
    PERFORM add_partitions('audit_personal', '28 days', now() + interval '28 days');
  END IF;
  IF TG_OP = 'INSERT' THEN
    PERFORM audit_take_over(NEW);
  ELSIF OLD.result IS NULL AND NEW.result IS NOT NULL THEN
    INSERT INTO audit_log (begun, result)
    SELECT taken_over_as, NEW.result FROM audit WHERE id = NEW.id;
  END IF;
  RETURN NULL;
END $$;
