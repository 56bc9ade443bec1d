import { deepStrictEqual, equal } from "node:assert/strict";
import { errors } from "@polar-sh/sdk/2026-10";

const STATE = "customer.state_changed";

export const steps = {
  async "a subscription is canceled at the end of its period, and uncanceled"({ polar, kept, emits }) {
    [kept.subscription] = (await polar.subscriptions.list({ external_customer_id: "org-1" })).items;
    const { id } = kept.subscription;
    const { result, events } = await emits(["subscription.updated", "subscription.canceled", STATE],
      () => polar.subscriptions.update(id, { cancel_at_period_end: true, customer_cancellation_reason: "unused" }));
    deepStrictEqual([result.cancel_at_period_end, result.customer_cancellation_reason], [true, "unused"]);
    deepStrictEqual(events[1].data, result);
    await emits(["subscription.updated", "subscription.uncanceled", STATE],
      () => polar.subscriptions.update(id, { cancel_at_period_end: false }));
  },

  async "another product brings other benefits"({ polar, kept, emits }) {
    const [team] = (await polar.products.list({ query: "Team" })).items;
    const { result } = await emits(
      ["subscription.updated", "benefit_grant.revoked", "benefit_grant.created", STATE],
      () => polar.subscriptions.update(kept.subscription.id,
        { product_id: team.id, proration_behavior: "prorate" }));
    equal(result.product.name, "Team");
  },

  async "a revoked subscription is over, once"({ polar, kept, emits, refused }) {
    const { result } = await emits(["subscription.updated", "subscription.canceled", "subscription.revoked",
      "benefit_grant.revoked", "benefit_grant.revoked", STATE], () => polar.subscriptions.revoke(kept.subscription.id));
    equal(result.status, "canceled");
    await refused(errors.AlreadyCanceledSubscription, () => polar.subscriptions.revoke(kept.subscription.id));
  },

  async "a free product is subscribed to without a checkout"({ polar, emits, received }) {
    const { result: free } = await emits(["product.created"], () => polar.products.create({
      name: "Free", recurring_interval: "month", prices: [{ amount_type: "fixed", price_amount: 0 }],
    }));
    const created = await polar.subscriptions.create({ product_id: free.id, external_customer_id: "org/2 ä" });
    deepStrictEqual([created.status, created.amount], ["active", 0]);
    equal((await received.until(STATE))[0].type, "subscription.created");
  },
};
