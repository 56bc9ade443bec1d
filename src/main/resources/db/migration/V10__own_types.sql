-- What the record of an event states that this service, or a newer release of it, made: its ce_type, such as
-- dev.plinto.polar.snapshot.v1. Null for a delivery, whatever its body says. A replay states the same again.

-- In the order in which a projection of the version before takes them, else one would wait for the other.
LOCK TABLE inbox, parked IN ACCESS EXCLUSIVE MODE;

ALTER TABLE inbox ADD COLUMN own_type text;
ALTER TABLE parked ADD COLUMN own_type text;
