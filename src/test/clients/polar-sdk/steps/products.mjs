import { deepStrictEqual, equal } from "node:assert/strict";
import { errors } from "@polar-sh/sdk/2026-10";

export const steps = {
  async "a product is created, with a fixed price and one by usage"({ polar, kept, emits }) {
    const meter = await polar.meters.create({
      name: "Calls", aggregation: { func: "sum", property: "calls" },
      filter: { conjunction: "and", clauses: [{ property: "name", operator: "eq", value: "call" }] },
    });
    const { result, events } = await emits(["product.created"], () => polar.products.create({
      name: "Atelier", recurring_interval: "month", metadata: { tier: "two" },
      prices: [
        { amount_type: "fixed", price_amount: 1500, price_currency: "eur" },
        { amount_type: "metered_unit", meter_id: meter.id, unit_amount: 0.05, price_currency: "eur" },
      ],
    }));
    deepStrictEqual(events[0].data, result);
    deepStrictEqual(result.prices.map(price => price.amount_type), ["fixed", "metered_unit"]);
    kept.product = result;
  },

  async "products are listed by what they are"({ polar, kept }) {
    const one = { total_count: 1, max_page: 1 };
    for (const query of [{ query: "telie" }, { id: [kept.product.id] }, { metadata: { tier: "two" } }]) {
      deepStrictEqual((await polar.products.list(query)).pagination, one);
    }
    deepStrictEqual((await polar.products.list({ is_recurring: false })).items.map(item => item.name), ["Onboarding"]);
    deepStrictEqual(await polar.products.get(kept.product.id), kept.product);
  },

  async "a product is changed and archived; prices that are not kept go"({ polar, kept, emits }) {
    const { result } = await emits(["product.updated"], () => polar.products.update(kept.product.id, {
      name: "Studio flat", is_archived: true, prices: [{ id: kept.product.prices[0].id }],
    }));
    deepStrictEqual([result.name, result.is_archived, result.prices.length], ["Studio flat", true, 1]);
    equal((await polar.products.list({ is_archived: true })).items[0].id, kept.product.id);
  },

  async "another set of benefits reaches the buyers at once"({ polar, emits }) {
    const [pro] = (await polar.products.list({ query: "Pro" })).items;
    const { events } = await emits(["product.updated", "benefit_grant.revoked", "customer.state_changed"],
      () => polar.products.updateBenefits(pro.id, { benefits: [pro.benefits[0].id] }));
    deepStrictEqual(events[2].data.granted_benefits.map(grant => grant.benefit_id), [pro.benefits[0].id]);
  },

  async "a product in use is not deleted, another one is"({ polar, kept, refused }) {
    const [pro] = (await polar.products.list({ query: "Pro" })).items;
    const error = await refused(errors.ProductNotDeletable, () => polar.products.delete(pro.id));
    equal(error.error.error, "ProductNotDeletable");
    await polar.products.delete(kept.product.id);
    await refused(errors.ResourceNotFound, () => polar.products.get(kept.product.id));
  },

  async "a wrong product is a validation error"({ polar, refused }) {
    const error = await refused(errors.HTTPValidationError, () => polar.products.create({ name: "ab", prices: [] }));
    deepStrictEqual(error.error.detail.map(detail => detail.loc), [["body", "prices"], ["body", "name"]]);
  },
};
