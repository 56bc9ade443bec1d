-- So that those on call see who pays twice, and which checkouts nobody was handed.

-- In the order in which projections take them, else one would wait for the other.
LOCK TABLE subscriptions IN SHARE MODE;
LOCK TABLE checkouts IN ACCESS EXCLUSIVE MODE;

-- Subscriptions that are paid, or may be again, such as those past due or paused. Whoever has one of a group is not
-- sold a second one of it; products without a group are a group too, named by the empty text.
CREATE VIEW live_subscriptions AS
SELECT subscriptions.id, account, product_id,
       coalesce(products.metadata ->> 'group', product_metadata ->> 'group', '') AS product_group
FROM subscriptions LEFT JOIN products ON products.id = product_id
WHERE ended_at IS NULL AND status NOT IN ('canceled', 'incomplete', 'incomplete_expired');

-- Organizations with several subscriptions are found by the index alone.
CREATE INDEX ON subscriptions (account) WHERE ended_at IS NULL AND NOT starts_with(account, 'customer:');

-- Which request of an application it was made for, from the metadata; null if somebody else made it.
ALTER TABLE checkouts
  ADD COLUMN request_id   text,
  ADD COLUMN added_stamps jsonb;
CREATE INDEX ON checkouts (request_id) WHERE request_id IS NOT NULL;

-- As progress, and kept with the answer.
ALTER TABLE idempotent_requests ADD COLUMN begun text;
