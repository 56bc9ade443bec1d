-- For the people on call: finding any event or customer, the runs of reconciliation, and who did what.

-- In the order in which a projection of the version before takes them, else one would wait for the other.
LOCK TABLE customers, inbox, history, parked IN ACCESS EXCLUSIVE MODE;

-- What an event is about, as the raw topic is keyed: the customer, as a rule.
ALTER TABLE inbox ADD COLUMN subject text;
ALTER TABLE parked ADD COLUMN subject text;
CREATE INDEX ON inbox (subject) WHERE subject IS NOT NULL;
CREATE INDEX ON parked (first_failed_at, webhook_id);

-- Whose customers they are.
CREATE INDEX ON customers (external_id) WHERE external_id IS NOT NULL;

-- What one event changed is what was decided when it was projected. Written in the order of time, so that ranges of
-- pages suffice, and an insert costs next to nothing.
CREATE INDEX ON history USING brin (decided_at) WITH (pages_per_range = 16);

-- Runs of reconciliation, also those that ended without success; a run that goes on has no end.
CREATE TABLE reconciliation_runs (
  started_at timestamptz PRIMARY KEY,
  ended_at   timestamptz,
  outcome    text CHECK (outcome IN ('succeeded', 'given_up'))
);

-- What operators did by the console and the API. Rows are only added; "result" follows when it is known.
CREATE TABLE audit (
  id     bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at     timestamptz NOT NULL DEFAULT clock_timestamp(),
  actor  text NOT NULL,           -- the claim sub of the operator's token
  way    text NOT NULL CHECK (way IN ('api', 'console')),
  action text NOT NULL,
  target text,                    -- what it was done to; null where that is everything
  result text                     -- null while it is under way, or where nobody could say any more
);
