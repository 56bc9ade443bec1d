-- What operators list and replay, oldest first.
CREATE INDEX ON parked (received_at, webhook_id);

-- Small whatever the inbox holds: events of a type that was not known when they came.
CREATE INDEX ON inbox (type, received_at, webhook_id) WHERE outcome = 'unknown_type';
