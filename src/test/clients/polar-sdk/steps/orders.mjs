import { deepStrictEqual, equal, match } from "node:assert/strict";
import { errors } from "@polar-sh/sdk/2026-10";

export const steps = {
  async "orders are listed and read"({ polar, kept }) {
    const { items } = await polar.orders.list({ external_customer_id: "org-1", status: ["paid"] });
    deepStrictEqual([items.length, items[0].billing_reason], [1, "subscription_create"]);
    deepStrictEqual(await polar.orders.get(items[0].id), items[0]);
    [kept.order] = items;
  },

  async "an order has an invoice and a receipt"({ polar, kept }) {
    match((await polar.orders.invoice(kept.order.id)).url, /^http/);
    match((await polar.orders.receipt(kept.order.id)).url, /^http/);
  },

  async "a part of an order is refunded, then too much is refused"({ polar, kept, emits }) {
    const { result, events } = await emits(["refund.created", "order.updated", "order.refunded"],
      () => polar.refunds.create({ order_id: kept.order.id, amount: 900, reason: "customer_request" }));
    deepStrictEqual(events[0].data, result);
    equal(events[2].data.status, "partially_refunded");
    equal((await polar.refunds.list({ order_id: kept.order.id })).items[0].id, result.id);
  },

  async "what is refunded cannot be refunded again"({ polar, kept, emits, refused }) {
    const { refundable_amount: rest } = await polar.orders.get(kept.order.id);
    await emits(["refund.created", "order.updated", "order.refunded"],
      () => polar.refunds.create({ order_id: kept.order.id, amount: rest, reason: "duplicate" }));
    const error = await refused(errors.RefundedAlready,
      () => polar.refunds.create({ order_id: kept.order.id, amount: 100, reason: "other" }));
    equal(error.error.error, "RefundedAlready");
  },
};
