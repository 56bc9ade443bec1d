-- So that contradictions between Polar's statements are found without reading whole tables: deleted customers and ended
-- subscriptions with a live grant, and sets of customers who are linked to no organization (see polar_contradictions).

-- Projections wait while the indexes are built. In the order in which they take the tables, else one would wait for the
-- other.
CREATE INDEX ON customers (id) INCLUDE (deleted_at) WHERE deleted_at IS NOT NULL;
CREATE INDEX ON subscriptions (id) INCLUDE (ended_at) WHERE ended_at IS NOT NULL;
CREATE INDEX ON grants (subscription_id) WHERE account IS NOT NULL AND subscription_id IS NOT NULL;
CREATE INDEX ON accounts (account) WHERE starts_with(account, 'customer:');
