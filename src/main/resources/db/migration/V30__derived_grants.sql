-- Due work: products that give other benefits than before, and products of benefits that are another thing. What was
-- bought of them from providers that tell no grants gets its grants derived again, a slice of purchases at a time.
CREATE TABLE redefined_products (
  id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  product_id text NOT NULL,
  added_at   timestamptz NOT NULL DEFAULT now(),
  purchase   text NOT NULL DEFAULT '', -- the last one that is done, in the order of their ids
  -- The event that says so.
  cause_type       text NOT NULL,
  cause_webhook_id text NOT NULL,
  caused_at        timestamptz NOT NULL
);

-- Purchases from providers that tell no grants.
CREATE INDEX subscriptions_derived ON subscriptions (product_id, id)
  WHERE id LIKE 'conekta:%' OR id LIKE 'fungies:%';
CREATE INDEX orders_derived ON orders (product_id, id)
  WHERE id LIKE 'conekta:%' OR id LIKE 'fungies:%';
