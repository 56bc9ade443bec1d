import { deepStrictEqual, equal } from "node:assert/strict";
import { errors } from "@polar-sh/sdk/2026-10";

export const steps = {
  async "a meter is created, listed and changed"({ polar, kept }) {
    const meter = await polar.meters.create({
      name: "Tokens", aggregation: { func: "sum", property: "tokens" },
      filter: { conjunction: "and", clauses: [{ property: "name", operator: "eq", value: "llm" }] },
    });
    equal((await polar.meters.list({ query: "toke" })).items[0].id, meter.id);
    kept.meter = await polar.meters.update(meter.id, { name: "All tokens" });
    deepStrictEqual(await polar.meters.get(meter.id), kept.meter);
  },

  async "usage moves the customer's meter, once per external id"({ polar, kept, emits }) {
    const event = { name: "llm", external_customer_id: "org-1", external_id: "e-1", metadata: { tokens: 40 } };
    const { result, events } = await emits(["customer.state_changed"],
      () => polar.events.ingest({ events: [event, event, { ...event, external_id: "e-2" }] }));
    deepStrictEqual(result, { inserted: 2, duplicates: 1 });
    deepStrictEqual(events[0].data.active_meters.map(meter => meter.consumed_units), [80]);
    const { items } = await polar.customerMeters.list({ external_customer_id: "org-1" });
    equal(items[0].balance, -80);
    deepStrictEqual(await polar.customerMeters.get(items[0].id), items[0]);
  },

  async "events are listed, by name too"({ polar, kept }) {
    const { items } = await polar.events.list({ meter_id: kept.meter.id, external_customer_id: "org-1" });
    deepStrictEqual(items.map(event => event.name), ["llm", "llm"]);
    deepStrictEqual(await polar.events.get(items[0].id), items[0]);
    const names = await polar.events.listNames({ external_customer_id: "org-1" });
    deepStrictEqual(names.items.map(name => [name.name, name.occurrences]), [["llm", 2]]);
  },

  async "quantities are summed up by interval"({ polar, kept }) {
    const day = 86_400_000;
    const { quantities, total } = await polar.meters.quantities(kept.meter.id, {
      start_timestamp: new Date(Date.now() - day).toISOString(),
      end_timestamp: new Date(Date.now() + 30 * day).toISOString(),
      interval: "hour",
    });
    equal(total, 80);
    equal(quantities.reduce((sum, { quantity }) => sum + quantity, 0), 80);
  },

  async "one wrong event refuses all"({ polar, refused }) {
    const error = await refused(errors.HTTPValidationError, () => polar.events.ingest({
      events: [{ name: "llm", external_customer_id: "org-1" },
        { name: "llm", customer_id: "00000000-0000-4000-8000-000000000000" }],
    }));
    deepStrictEqual(error.error.detail[0].loc, ["body", "events", 1, "customer_id"]);
    equal((await polar.events.list()).pagination.total_count, 2);
  },
};
