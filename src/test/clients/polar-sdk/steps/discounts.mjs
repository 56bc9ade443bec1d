import { deepStrictEqual, equal } from "node:assert/strict";
import { errors } from "@polar-sh/sdk/2026-10";

const percentage = { type: "percentage", basis_points: 1000, duration: "once" };

export const steps = {
  async "discounts of both types are created and listed"({ polar, kept, emits }) {
    const { result, events } = await emits(["discount.created"],
      () => polar.discounts.create({ ...percentage, name: "Tenth", code: "TENTH" }));
    deepStrictEqual(events[0].data, result);
    await emits(["discount.created"],
      () => polar.discounts.create({ name: "Five", type: "fixed", amounts: { eur: 500 }, duration: "forever" }));
    equal((await polar.discounts.list()).pagination.total_count, 2);
    kept.discount = result;
  },

  async "a code is taken once"({ polar, refused }) {
    const error = await refused(errors.HTTPValidationError,
      () => polar.discounts.create({ ...percentage, name: "Other", code: "tenth" }));
    deepStrictEqual(error.error.detail[0].loc, ["body", "code"]);
  },

  async "a discount is changed and deleted"({ polar, kept, emits, refused }) {
    const { result } = await emits(["discount.updated"],
      () => polar.discounts.update(kept.discount.id, { name: "A tenth" }));
    deepStrictEqual(await polar.discounts.get(kept.discount.id), result);
    await emits(["discount.deleted"], () => polar.discounts.delete(kept.discount.id));
    await refused(errors.ResourceNotFound, () => polar.discounts.get(kept.discount.id));
  },
};
