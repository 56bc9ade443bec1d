-- So that an organization's trail is read without reading all that ever happened to it, removed seals of the audit log
-- are found, and one replica at a time verifies it.

-- Projections wait while the indexes are built. In the order in which they take the tables, else one would wait for the
-- other.
CREATE INDEX ON history (account, decided_at) WHERE topic = 'polar.subscription.changed';
CREATE INDEX ON benefit_changes (account, decided_at);

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
