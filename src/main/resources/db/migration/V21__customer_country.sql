-- The country of a customer's billing address, of which nothing else is kept. Nothing is sold in some countries.

-- In the order in which projections take them, else one would wait for the other. Projections wait while the index is
-- built.
LOCK TABLE customers IN ACCESS EXCLUSIVE MODE;
LOCK TABLE inbox IN SHARE MODE;

ALTER TABLE customers
  ADD COLUMN country      text,  -- two capital letters, ISO 3166
  ADD COLUMN added_stamps jsonb; -- of the country: see V19

-- The events of which a release that does not know the country applied the rest, also those that its replicas store
-- beside this release. That release finds those that it must read again by inbox_read_before.
CREATE INDEX inbox_read_before_2 ON inbox (received_at, webhook_id) WHERE statements IS NULL OR statements < 2;
