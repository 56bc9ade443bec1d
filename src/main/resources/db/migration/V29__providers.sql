-- Deliveries of several providers wait in one spool. A release before, which knows Polar's alone, goes on with the view,
-- which is what its table was.
ALTER TABLE spool RENAME TO spooled;
ALTER TABLE spooled ADD COLUMN provider text NOT NULL DEFAULT 'polar';
CREATE VIEW spool AS
  SELECT id, webhook_id, webhook_timestamp, webhook_signature, api_version, received_at, body, traceparent
  FROM spooled WHERE provider = 'polar';
