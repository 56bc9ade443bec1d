import { deepStrictEqual, equal, match } from "node:assert/strict";
import { errors } from "@polar-sh/sdk/2026-10";

export const steps = {
  async "a customer is created, and read by the merchant's id"({ polar, kept, emits }) {
    const { result, events } = await emits(["member.created", "customer.created", "customer.state_changed"],
      () => polar.customers.create({ email: "kim@example.org", external_id: "org 5/ä", metadata: { size: 3 } }));
    deepStrictEqual(events[1].data, result);
    deepStrictEqual(await polar.customers.getExternal("org 5/ä"), result);
    kept.customer = result;
  },

  async "an e-mail is taken once"({ polar, refused }) {
    const error = await refused(errors.HTTPValidationError, () => polar.customers.create({ email: "kim@example.org" }));
    deepStrictEqual(error.error.detail[0].loc, ["body", "email"]);
  },

  async "a customer is changed by either id"({ polar, kept, emits }) {
    await emits(["customer.updated", "customer.state_changed"],
      () => polar.customers.update(kept.customer.id, { name: "Kim" }));
    const { result } = await emits(["customer.updated", "customer.state_changed"],
      () => polar.customers.updateExternal("org 5/ä", { metadata: { size: 4 } }));
    deepStrictEqual([result.name, result.metadata], ["Kim", { size: 4 }]);
  },

  async "the state of a buyer has the subscription, the benefits and the meters"({ polar }) {
    const state = await polar.customers.getStateExternal("org-1");
    deepStrictEqual([state.active_subscriptions.length, state.granted_benefits.length, state.active_meters],
      [1, 2, []]);
    deepStrictEqual(await polar.customers.getState(state.id), state);
  },

  async "a session of the portal is opened"({ polar, kept, refused }) {
    const session = await polar.customerSessions.create({ customer_id: kept.customer.id });
    match(session.token, /^polar_[cm]st_/);
    deepStrictEqual([session.customer_id, session.customer_portal_url.includes(session.token)],
      [kept.customer.id, true]);
    await refused(errors.HTTPValidationError,
      () => polar.customerSessions.create({ external_customer_id: "nobody" }));
  },

  async "a team has members"({ polar, kept, emits }) {
    const { result: team } = await emits(["member.created", "customer.created", "customer.state_changed"],
      () => polar.customers.create({ type: "team", name: "Team", owner: { email: "owner@example.org" } }));
    const { result: member } = await emits(["member.created"],
      () => polar.customers.members.create(team.id, { email: "mika@example.org", role: "billing_manager" }));
    const { items } = await polar.customers.members.list(team.id);
    deepStrictEqual(items.map(item => item.role).sort(), ["billing_manager", "owner"]);
    await emits(["member.updated"], () => polar.customers.members.update(team.id, member.id, { name: "Mika" }));
    equal((await polar.customers.members.get(team.id, member.id)).name, "Mika");
    await emits(["member.deleted"], () => polar.customers.members.delete(team.id, member.id));
  },

  async "a deleted customer is gone"({ polar, kept, emits, refused }) {
    await emits(["member.deleted", "customer.deleted", "customer.state_changed"],
      () => polar.customers.deleteExternal("org 5/ä"));
    await refused(errors.ResourceNotFound, () => polar.customers.get(kept.customer.id));
  },

  async "all customers are exported as CSV"({ polar }) {
    match(await polar.customers.export(), /^ID,External ID,/);
  },
};
