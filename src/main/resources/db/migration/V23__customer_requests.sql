-- Customers that are to be registered at Polar in the background, so that no sign-up waits for it: one for each
-- organization, the newest. A row is personal, and is deleted once it is done, refused, or 48 hours old.

CREATE TABLE customer_requests (
  organization text PRIMARY KEY,
  id           text NOT NULL,     -- another one in each request
  email        text NOT NULL,
  proof        text NOT NULL,     -- whose the address is
  name         text,
  country      text,
  locale       text,
  user_id      text,
  actor_kind   text NOT NULL,
  actor        text NOT NULL,
  request_id   text,
  requested_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  due_at       timestamptz NOT NULL DEFAULT clock_timestamp(), -- the next attempt; while one is made, its lease
  attempt      integer NOT NULL DEFAULT 0
);
CREATE INDEX ON customer_requests (due_at);
