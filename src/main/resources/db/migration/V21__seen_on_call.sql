-- So that those on call see who pays twice.

LOCK TABLE subscriptions IN SHARE MODE;

-- Subscriptions that are paid, or may be again, such as those past due or paused. Whoever has one of a group is not
-- sold a second one of it; products without a group are a group too, named by the empty text.
CREATE VIEW live_subscriptions AS
SELECT subscriptions.id, account, product_id,
       coalesce(products.metadata ->> 'group', product_metadata ->> 'group', '') AS product_group
FROM subscriptions LEFT JOIN products ON products.id = product_id
WHERE ended_at IS NULL AND status NOT IN ('canceled', 'incomplete', 'incomplete_expired');

-- Organizations with several subscriptions are found by the index alone.
CREATE INDEX ON subscriptions (account) WHERE ended_at IS NULL AND NOT starts_with(account, 'customer:');
