import { deepStrictEqual, equal, ok } from "node:assert/strict";
import {
  CustomersApi, OrdersApi, PlansApi, SubscriptionsApi, SubscriptionsCustomerPortalApi,
} from "conekta";

export const steps = {
  async "a saved card begins a subscription, and is charged"({ configuration, kept, emits }) {
    kept.customer = (await new CustomersApi(configuration).createCustomer({
      name: "Ana", email: "ana@example.mx", phone: "+5215555555555",
      payment_sources: [{ type: "card", token_id: "tok_test_visa_4242" }],
    })).data.id;
    kept.plan = (await new PlansApi(configuration).createPlan({
      name: "Pro", amount: 138_000, interval: "month", frequency: 1,
    })).data.id;
    const { data } = await emits(
      ["charge.created", "charge.paid", "order.paid", "subscription.created", "subscription.paid"],
      () => new SubscriptionsApi(configuration).subscriptionCreate(kept.customer, { plan_id: kept.plan }));
    equal(data.status, "active");
    ok(data.billing_cycle_end > data.billing_cycle_start);
    kept.subscription = data;
  },

  async "its order is refunded"({ configuration, kept, emits }) {
    const { data, events: [event] } = await emits(["charge.refunded"], () => new OrdersApi(configuration).orderRefund(
      kept.subscription.last_billing_cycle_order_id, { amount: 38_000, reason: "requested_by_client" }));
    deepStrictEqual([data.amount_refunded, data.payment_status], [38_000, "partially_refunded"]);
    equal(event.data.object.object, "charge");
  },

  async "its portal is made once"({ configuration, kept }) {
    const portals = new SubscriptionsCustomerPortalApi(configuration);
    const { status, data } = await portals.createCustomerPortal(kept.subscription.id);
    equal(status, 201);
    ok(data.portal_url.endsWith(data.slug));
    deepStrictEqual((await portals.createCustomerPortal(kept.subscription.id)).data, data);
    deepStrictEqual((await portals.getCustomerPortal(kept.subscription.id)).data, data);
  },

  async "it is paused, resumed and canceled"({ configuration, kept, emits, refused }) {
    const subscriptions = new SubscriptionsApi(configuration);
    const { customer, subscription: { id } } = kept;
    equal((await emits(["subscription.paused"], () => subscriptions.subscriptionPause(customer, id))).data.status,
      "paused");
    equal((await emits(["subscription.resumed"], () => subscriptions.subscriptionResume(customer, id))).data.status,
      "active");
    const { data, events: [event] } = await emits(["subscription.canceled"],
      () => subscriptions.subscriptionCancel(customer, id));
    equal(data.status, "canceled");
    equal(data.billing_cycle_end, kept.subscription.billing_cycle_end);
    equal(event.data.previous_attributes.status, "active");
    await refused(428, () => subscriptions.subscriptionCancel(customer, id));
    deepStrictEqual((await subscriptions.subscriptionsGet(customer, id)).data, data);
    equal((await subscriptions.subscriptionList(customer)).data.data.length, 1);
  },
};
