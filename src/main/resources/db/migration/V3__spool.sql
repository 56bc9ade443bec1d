-- Deliveries that were acknowledged while Kafka did not take them, on their way to the raw topic; removed once it has
-- them. Taken as they came, the same one twice included: the projection tells them apart.

CREATE TABLE spool (
  id                bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  webhook_id        text NOT NULL,
  webhook_timestamp text,         -- this and the next two as they were sent
  webhook_signature text,
  api_version       text,
  received_at       timestamptz NOT NULL,
  body              bytea NOT NULL
) WITH (toast_tuple_target = 8160, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);
ALTER TABLE spool ALTER COLUMN body SET STORAGE EXTERNAL;
