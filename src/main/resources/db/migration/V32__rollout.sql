-- Which provider sells to whom, as far as operators decide it (docs/routing.md).

-- One row. Whoever replaces all says which version they have seen.
CREATE TABLE rollout (
  one      boolean PRIMARY KEY DEFAULT true CHECK (one),
  fallback text,                     -- the provider that sells while another does not answer; null for none
  version  bigint NOT NULL DEFAULT 0
);
INSERT INTO rollout DEFAULT VALUES;

-- The provider that sells to an organization whatever the rules say.
CREATE TABLE provider_overrides (
  organization text PRIMARY KEY,
  provider     text NOT NULL
);
