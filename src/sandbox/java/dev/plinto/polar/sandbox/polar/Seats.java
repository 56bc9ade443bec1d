package dev.plinto.polar.sandbox.polar;

import java.time.Duration;
import java.util.UUID;

/// Seats of a subscription. The catalogue's products are not sold by the seat, so seats bring no benefits here.
public final class Seats {

    private final SimulatedState state;
    private final Payloads payloads;
    private final Emissions emissions;

    Seats(SimulatedState state, Payloads payloads, Emissions emissions) {
        this.state = state;
        this.payloads = payloads;
        this.emissions = emissions;
    }

    /// `customer_seat.assigned`
    public UUID assign(UUID subscription, String email) {
        Seat seat = new Seat();
        seat.id = emissions.newId();
        seat.createdAt = emissions.next();
        seat.subscriptionId = SimulatedState.find(state.subscriptions, subscription).id;
        seat.status = "pending";
        seat.customerId = state.subscriptions.get(subscription).customerId;
        seat.email = email;
        seat.customerEmail = email;
        seat.invitationTokenExpiresAt = seat.createdAt.plus(Duration.ofDays(1));
        state.seats.put(seat.id, seat);
        emissions.emit("customer_seat.assigned", payloads.seat(seat));
        return seat.id;
    }

    /// `customer_seat.claimed`, by a member of the customer.
    public void claim(UUID id, UUID member) {
        Seat seat = SimulatedState.find(state.seats, id);
        seat.modifiedAt = emissions.next();
        seat.claimedAt = seat.modifiedAt;
        seat.memberId = SimulatedState.find(state.members, member).id();
        seat.status = "claimed";
        emissions.emit("customer_seat.claimed", payloads.seat(seat));
    }

    /// `customer_seat.revoked`
    public void revoke(UUID id) {
        Seat seat = SimulatedState.find(state.seats, id);
        seat.modifiedAt = emissions.next();
        seat.revokedAt = seat.modifiedAt;
        seat.memberId = null;
        seat.status = "revoked";
        emissions.emit("customer_seat.revoked", payloads.seat(seat));
    }
}
