-- An explanation reads of each benefit of an account the last change, and the last that granted or revoked it: however
-- often the grants behind the benefit have changed since.

-- Projections wait while the indexes are built. Partitions that are added later get them from the parent.
CREATE INDEX ON benefit_changes (account, benefit_id, version, id);
CREATE INDEX ON benefit_changes (account, benefit_id, version, id) WHERE effect <> 'changed';
