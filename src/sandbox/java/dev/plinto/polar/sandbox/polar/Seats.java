package dev.plinto.polar.sandbox.polar;

import java.time.Duration;
import java.util.UUID;

/// Seats of a subscription. The products of this catalogue are not sold by the seat, so they bring no benefits here.
public final class Seats {

    private final World world;
    private final Payloads payloads;
    private final Emissions emissions;

    Seats(World world, Payloads payloads, Emissions emissions) {
        this.world = world;
        this.payloads = payloads;
        this.emissions = emissions;
    }

    /// `customer_seat.assigned`
    public UUID assign(UUID subscription, String email) {
        Seat seat = new Seat();
        seat.id = emissions.newId();
        seat.createdAt = emissions.next();
        seat.subscriptionId = World.find(world.subscriptions, subscription).id;
        seat.status = "pending";
        seat.customerId = world.subscriptions.get(subscription).customerId;
        seat.email = email;
        seat.customerEmail = email;
        seat.invitationTokenExpiresAt = seat.createdAt.plus(Duration.ofDays(1));
        world.seats.put(seat.id, seat);
        emissions.emit("customer_seat.assigned", payloads.seat(seat));
        return seat.id;
    }

    /// `customer_seat.claimed`, by a member of the customer.
    public void claim(UUID id, UUID member) {
        Seat seat = World.find(world.seats, id);
        seat.modifiedAt = emissions.next();
        seat.claimedAt = seat.modifiedAt;
        seat.memberId = World.find(world.members, member).id();
        seat.status = "claimed";
        emissions.emit("customer_seat.claimed", payloads.seat(seat));
    }

    /// `customer_seat.revoked`
    public void revoke(UUID id) {
        Seat seat = World.find(world.seats, id);
        seat.modifiedAt = emissions.next();
        seat.revokedAt = seat.modifiedAt;
        seat.memberId = null;
        seat.status = "revoked";
        emissions.emit("customer_seat.revoked", payloads.seat(seat));
    }
}
