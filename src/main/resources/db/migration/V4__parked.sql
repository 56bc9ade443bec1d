-- In the order in which a projection of the version before takes them, else one would wait for the other.
LOCK TABLE inbox, parked IN SHARE MODE;

-- What operators list and replay, oldest first.
CREATE INDEX ON parked (received_at, webhook_id);

-- Small whatever the inbox holds: events of a type that was not known when they came.
CREATE INDEX ON inbox (type, received_at, webhook_id) WHERE outcome = 'unknown_type';
