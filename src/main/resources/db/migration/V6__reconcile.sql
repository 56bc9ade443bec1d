-- How far reconciliation with Polar is, and what the last look at our endpoint found. One row. Times of ours are by the
-- database's clock; log_ and listed_ are by Polar's.

CREATE TABLE reconciliation (
  one              boolean PRIMARY KEY DEFAULT true CHECK (one),
  holder           text,          -- which replica may reconcile, and until when
  expires_at       timestamptz,
  wanted_at        timestamptz,   -- when somebody last asked for a run
  started_at       timestamptz,   -- of the newest run
  step             text,          -- where that run is; null once it has ended
  page             integer,       -- of the list that the step reads
  log_from         timestamptz,   -- the part of Polar's delivery log that the run reads
  log_until        timestamptz,
  log_read_until   timestamptz,   -- up to where runs that succeeded have read it
  succeeded_at     timestamptz,   -- when the newest run that succeeded ended
  inspected_at     timestamptz,   -- when the endpoint was last looked at, and what was found
  endpoint_enabled boolean,
  failed_events    integer,
  version_expires  timestamptz,
  findings         text[] NOT NULL DEFAULT '{}'
);
INSERT INTO reconciliation DEFAULT VALUES;

-- What the run under way has read in Polar's lists, to find what they lack.
CREATE TABLE reconciliation_seen (
  kind text NOT NULL,
  id   text NOT NULL,
  PRIMARY KEY (kind, id)
);
