import { deepStrictEqual, equal } from "node:assert/strict";

export const steps = {
  async "seats are bought"({ polar, kept, received }) {
    const [studio] = (await polar.products.list({ query: "Studio" })).items;
    const checkout = await polar.checkouts.create({
      products: [studio.id], seats: 2, external_customer_id: "org/2 ä",
      customer_billing_address: { country: "ES", line1: "Rúa 1", postal_code: "36201", city: "Vigo" },
    });
    await polar.checkouts.clientConfirm(checkout.client_secret, {
      confirmation_token_id: "ctoken_sandbox_pays", customer_email: "kim@example.org",
    });
    await received.until("subscription.created");
    const [subscription] = (await polar.subscriptions.list({ product_id: studio.id })).items;
    await received.until("customer.state_changed");
    kept.subscription = subscription;
    const { available_seats, total_seats } = await polar.customerSeats.listSeats({ subscription_id: subscription.id });
    deepStrictEqual([available_seats, total_seats], [2, 2]);
  },

  async "a seat is assigned, and revoked"({ polar, kept, emits }) {
    const { result: seat } = await emits(["member.created", "customer_seat.assigned"],
      () => polar.customerSeats.assignSeat({ subscription_id: kept.subscription.id, email: "mika@example.org" }));
    equal(seat.status, "pending");
    const { result: revoked } = await emits(["customer_seat.revoked"], () => polar.customerSeats.revokeSeat(seat.id));
    deepStrictEqual([revoked.id, revoked.status, revoked.email], [seat.id, "revoked", null]);
  },

  async "a seat that is claimed at once brings the benefits"({ polar, kept, emits }) {
    await emits(["customer_seat.claimed", "benefit_grant.created", "benefit_grant.created", "customer.state_changed"],
      () => polar.customerSeats.assignSeat({
        subscription_id: kept.subscription.id, email: "mika@example.org", immediate_claim: true,
      }));
    const { available_seats } = await polar.customerSeats.listSeats({ subscription_id: kept.subscription.id });
    equal(available_seats, 1);
  },

  async "a person has one seat"({ polar, kept, refused }) {
    const error = await refused(Error, () => polar.customerSeats.assignSeat({
      subscription_id: kept.subscription.id, email: "mika@example.org",
    }));
    deepStrictEqual([error.statusCode, error.error.error], [400, "SeatAlreadyAssigned"]);
  },
};
