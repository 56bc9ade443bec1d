-- Which request begins a subscription without a checkout: one at a time for an organization and a group of products, so
-- that two at once do not begin two. A row is deleted once the subscription is known here, or Polar has refused it.
-- What a killed replica leaves is one row for an organization and group at most, which the next request takes.

CREATE TABLE subscription_starts (
  organization  text NOT NULL,
  product_group text NOT NULL,        -- '' for products without a group
  request       text NOT NULL,        -- the id in the subscription's metadata
  lease_until   timestamptz NOT NULL, -- after that another request may take its place
  PRIMARY KEY (organization, product_group)
);
