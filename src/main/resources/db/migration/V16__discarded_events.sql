-- So that discarded events are found among all others: those that name an account, for its page. Small whatever the
-- inbox holds. Projections wait while it is built.
CREATE INDEX ON inbox (projected_at, webhook_id) WHERE outcome = 'discarded';
