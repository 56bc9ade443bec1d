import { deepStrictEqual, equal, match, ok } from "node:assert/strict";
import { CustomersApi, OrdersApi, PlansApi } from "conekta";

export const steps = {
  async "a customer is created, read, changed and found"({ configuration, kept }) {
    const customers = new CustomersApi(configuration);
    const { status, data: customer } = await customers.createCustomer({
      name: "Ana", email: "ana@example.mx", phone: "+5215555555555", custom_reference: "org-1",
      payment_sources: [{ type: "card", token_id: "tok_test_visa_4242" }],
    });
    equal(status, 200);
    match(customer.id, /^cus_2\w{16}$/);
    kept.customer = customer.id;
    deepStrictEqual((await customers.getCustomerById(customer.id)).data, customer);
    equal((await customers.updateCustomer(customer.id, { name: "Bea" })).data.name, "Bea");
    deepStrictEqual((await customers.getCustomers(undefined, undefined, 5, "org-1")).data.data.map(one => one.id),
      [customer.id]);
  },

  async "a plan is created and read"({ configuration, kept }) {
    const plans = new PlansApi(configuration);
    const { data: plan } = await plans.createPlan({
      id: "pro", name: "Pro", amount: 138_000, currency: "MXN", interval: "month", frequency: 1,
    });
    equal(plan.object, "plan");
    kept.plan = plan.id;
    deepStrictEqual((await plans.getPlan("pro")).data, plan);
  },

  async "an order has a hosted page, is read and canceled"({ configuration, kept, emits, refused }) {
    const orders = new OrdersApi(configuration);
    const { data: order } = await orders.createOrder({
      currency: "MXN",
      customer_info: { customer_id: kept.customer },
      line_items: [{ name: "Pro", quantity: 1, unit_price: 138_000 }],
      checkout: {
        type: "HostedPayment", allowed_payment_methods: ["card"], plan_ids: [kept.plan],
        success_url: "https://app.example/ok", failure_url: "https://app.example/failed",
        expires_at: Math.floor(Date.now() / 1_000) + 3_600,
      },
      metadata: { organization_id: "org-1" },
    });
    equal(order.amount, 138_000);
    equal(order.metadata.organization_id, "org-1");
    ok(order.checkout.url.endsWith(`/checkout/${order.checkout.slug}`));
    deepStrictEqual((await orders.getOrderById(order.id)).data, order);
    const { data: canceled, events: [event] } = await emits(["order.canceled"], () => orders.cancelOrder(order.id));
    equal(canceled.payment_status, "canceled");
    deepStrictEqual([event.object, event.data.object.id, event.data.previous_attributes.checkout.status],
      ["event", order.id, "Issued"]);
    equal((await refused(428, () => orders.cancelOrder(order.id))).details.length, 1);
  },

  async "an order without what it needs is refused"({ configuration, refused }) {
    const error = await refused(422, () => new OrdersApi(configuration).createOrder({ currency: "MXN" }));
    deepStrictEqual(error.details.map(detail => detail.param), ["customer_info"]);
    await refused(404, () => new OrdersApi(configuration).getOrderById("ord_2none"));
  },

  async "a customer and a plan are deleted"({ configuration, kept, refused }) {
    equal((await new PlansApi(configuration).deletePlan(kept.plan)).data.id, kept.plan);
    equal((await new CustomersApi(configuration).deleteCustomerById(kept.customer)).data.id, kept.customer);
    await refused(404, () => new CustomersApi(configuration).getCustomerById(kept.customer));
  },
};
