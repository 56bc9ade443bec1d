-- The trace that a delivery belongs to (W3C's traceparent), while it waits; null where there is none. In the outbox it is
-- one of the headers.

ALTER TABLE spool ADD COLUMN traceparent text;
