-- A checkout is known from its answer on, also before a projection has it.

ALTER TABLE idempotent_requests ADD COLUMN checkout_id text; -- that the answer hands out; else null
CREATE INDEX ON idempotent_requests (checkout_id) WHERE checkout_id IS NOT NULL;
