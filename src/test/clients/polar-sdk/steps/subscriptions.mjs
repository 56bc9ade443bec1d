import { deepStrictEqual, equal } from "node:assert/strict";
import { errors } from "@polar-sh/sdk/2026-10";

export const steps = {
  async "a subscription is found by customer, status and metadata"({ polar, kept }) {
    const { items } = await polar.subscriptions.list({
      external_customer_id: "org-1", status: ["active", "trialing"], metadata: { organization_id: "org-1" },
    });
    equal(items.length, 1);
    [kept.subscription] = items;
    equal((await polar.subscriptions.list({ external_customer_id: "org/2 ä" })).items.length, 0);
    equal((await polar.subscriptions.list({ cancel_at_period_end: true })).items.length, 0);
  },

  async "a subscription is read by its id"({ polar, kept }) {
    deepStrictEqual(await polar.subscriptions.get(kept.subscription.id), kept.subscription);
    equal(kept.subscription.customer.external_id, "org-1");
    equal(kept.subscription.product.name, "Pro");
  },

  async "a status that Polar does not have is a validation error"({ polar, refused }) {
    const error = await refused(errors.HTTPValidationError, () => polar.subscriptions.list({ status: "lapsed" }));
    deepStrictEqual(error.error.detail[0].loc.slice(0, 2), ["query", "status"]);
  },
};
