import { deepStrictEqual, equal, match } from "node:assert/strict";
import { errors } from "@polar-sh/sdk/2026-10";

const BUYER = {
  customer_email: "kim@example.org", customer_name: "Kim",
  customer_billing_address: { country: "ES", line1: "Rúa 1", postal_code: "36201", city: "Vigo" },
};

export const steps = {
  async "a checkout is created, read, listed and changed"({ polar, kept, emits }) {
    const [pro] = (await polar.products.list({ query: "Pro" })).items;
    const { result, events } = await emits(["checkout.created"], () => polar.checkouts.create({
      products: [pro.id], external_customer_id: "org-3", metadata: { organization_id: "org-3" },
      success_url: "https://app.example/thanks?id={CHECKOUT_ID}",
    }));
    deepStrictEqual(events[0].data, result);
    match(result.client_secret, /^polar_c_/);
    equal(result.success_url, `https://app.example/thanks?id=${result.id}`);
    deepStrictEqual(await polar.checkouts.get(result.id), result);
    equal((await polar.checkouts.list({ external_customer_id: "org-3", status: ["open"] })).items[0].id, result.id);
    const changed = await emits(["checkout.updated"],
      () => polar.checkouts.update(result.id, { metadata: { organization_id: "org-4" } }));
    equal(changed.result.metadata.organization_id, "org-4");
    kept.checkout = changed.result;
  },

  async "the buyer sees the checkout without the merchant's metadata"({ polar, kept }) {
    const seen = await polar.checkouts.clientGet(kept.checkout.client_secret);
    deepStrictEqual(["metadata" in seen, "organization" in seen, seen.id], [false, true, kept.checkout.id]);
  },

  async "a declined card is a payment error"({ polar, kept, refused }) {
    await refused(errors.PaymentError, () => polar.checkouts.clientConfirm(kept.checkout.client_secret,
      { ...BUYER, confirmation_token_id: "ctoken_sandbox_declined" }));
  },

  async "the buyer pays, and everything follows"({ polar, kept, emits }) {
    const { result, events } = await emits([
      "checkout.updated", "member.created", "customer.created", "customer.state_changed",
      "subscription.created", "subscription.active", "subscription.updated",
      "order.created", "order.updated", "order.paid", "checkout.updated", "order.updated",
      "benefit_grant.created", "benefit_grant.created", "customer.state_changed",
    ], () => polar.checkouts.clientConfirm(kept.checkout.client_secret,
      { ...BUYER, confirmation_token_id: "ctoken_sandbox_pays" }));
    equal(result.status, "confirmed");
    deepStrictEqual(await polar.checkouts.get(kept.checkout.id), events[10].data);
    const state = await polar.customers.getStateExternal("org-3");
    deepStrictEqual(state, events[14].data);
    equal(state.active_subscriptions[0].metadata.organization_id, "org-4");
    equal(state.granted_benefits.length, 2);
  },

  async "a checkout that is over is not confirmed again"({ polar, kept, refused }) {
    const error = await refused(errors.CheckoutsClientConfirm403Error,
      () => polar.checkouts.clientConfirm(kept.checkout.client_secret,
        { ...BUYER, confirmation_token_id: "ctoken_sandbox_pays" }));
    deepStrictEqual([error.statusCode, error.error.error], [403, "NotOpenCheckout"]);
  },

  async "an unknown product is a validation error at its position"({ polar, refused }) {
    const error = await refused(errors.HTTPValidationError,
      () => polar.checkouts.create({ products: ["00000000-0000-4000-8000-000000000000"] }));
    deepStrictEqual(error.error.detail[0].loc, ["body", "products", 0]);
  },
};
