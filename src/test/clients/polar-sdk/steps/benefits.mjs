import { deepStrictEqual, equal } from "node:assert/strict";
import { errors } from "@polar-sh/sdk/2026-10";

export const steps = {
  async "a benefit is created and listed"({ polar, kept, emits }) {
    const { result, events } = await emits(["benefit.created"], () => polar.benefits.create({
      type: "feature_flag", description: "Dark mode", properties: {}, metadata: { feature: "dark_mode" },
    }));
    deepStrictEqual(events[0].data, result);
    equal((await polar.benefits.list({ query: "dark", type: ["feature_flag"] })).items[0].id, result.id);
    deepStrictEqual(await polar.benefits.get(result.id), result);
    kept.benefit = result;
  },

  async "a change reaches who has the benefit"({ polar, kept, emits }) {
    const [exports] = (await polar.benefits.list({ query: "Unlimited exports" })).items;
    await emits(["benefit.updated", "benefit_grant.updated", "customer.state_changed"],
      () => polar.benefits.update(exports.id, { type: "feature_flag", description: "Exports" }));
    const { items } = await polar.benefits.grants(exports.id, { is_granted: true });
    deepStrictEqual(items.map(grant => grant.customer.external_id), ["org-1"]);
    kept.exports = exports;
  },

  async "a deleted benefit is revoked"({ polar, kept, emits, refused }) {
    await emits(["benefit.updated", "benefit_grant.revoked", "customer.state_changed"],
      () => polar.benefits.delete(kept.exports.id));
    await refused(errors.ResourceNotFound, () => polar.benefits.get(kept.exports.id));
  },

  async "a wrong benefit is a validation error"({ polar, refused }) {
    const error = await refused(errors.HTTPValidationError,
      () => polar.benefits.create({ type: "custom", description: "No", properties: {} }));
    deepStrictEqual(error.error.detail[0].loc, ["body", "description"]);
  },
};
