-- Objects of ours that Polar did not have when a run of reconciliation asked for them. A later run that does not find
-- them either ends them; one that finds them forgets them.
CREATE TABLE reconciliation_missing (
  kind     text NOT NULL,
  id       text NOT NULL,
  found_at timestamptz NOT NULL,  -- when the first of these runs began
  PRIMARY KEY (kind, id)
);
