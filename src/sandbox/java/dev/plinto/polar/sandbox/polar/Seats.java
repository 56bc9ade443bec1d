package dev.plinto.polar.sandbox.polar;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;

/// Seats of a subscription that is sold by the seat: the members who have claimed one get the product's benefits.
///
/// All seats are revoked as soon as the subscription is not in use, also when a payment fails. They must then be
/// assigned again.
public final class Seats {

    private final SimulatedState state;
    private final Payloads payloads;
    private final Emissions emissions;
    private final Members members;
    private final Grants grants;

    Seats(SimulatedState state, Payloads payloads, Emissions emissions, Members members, Grants grants) {
        this.state = state;
        this.payloads = payloads;
        this.emissions = emissions;
        this.members = members;
        this.grants = grants;
    }

    /// The number of seats that can be assigned.
    public int free(UUID subscription) {
        Subscription container = SimulatedState.find(state.subscriptions, subscription);
        boolean inUse = container.seats != null && container.status.grantsBenefits();
        return inUse ? container.seats - (int) taken(subscription).count() : 0;
    }

    /// `member.created`, unless the customer has a member with this e-mail; `customer_seat.assigned`. A revoked seat is
    /// used again, with its id.
    ///
    /// @throws IllegalStateException if no seat is free, or the person has one
    public UUID assign(UUID subscription, String email) {
        if (free(subscription) < 1 || taken(subscription).anyMatch(seat -> email.equals(seat.email))) {
            throw new IllegalStateException("the subscription has no free seat, or the person has one");
        }
        UUID customer = SimulatedState.find(state.subscriptions, subscription).customerId;
        return give(subscription, members.findOrCreate(customer, email), Map.of(), false);
    }

    /// `customer_seat.assigned`, or if `claimed` what [#claim(UUID)] emits. There must be a free seat.
    UUID give(UUID subscription, Member member, Map<String, ?> metadata, boolean claimed) {
        Optional<Seat> revoked = state.seats.values().stream()
                .filter(known -> known.subscriptionId.equals(subscription) && !known.isTaken())
                .findFirst();
        Seat seat = revoked.orElseGet(() -> create(subscription));
        seat.modifiedAt = revoked.isPresent() ? emissions.next() : null;
        seat.status = Seat.PENDING;
        seat.customerId = member.customerId();
        seat.memberId = member.id();
        seat.email = member.email();
        seat.customerEmail = SimulatedState.find(state.customers, seat.customerId).email;
        seat.seatMetadata = new TreeMap<>(metadata);
        seat.claimedAt = null;
        seat.revokedAt = null;
        if (claimed) {
            seat.invitationTokenExpiresAt = null;
            claim(seat.id);
        } else {
            SeatAssignments.invite(seat, emissions);
            emissions.emit("customer_seat.assigned", payloads.seat(seat));
        }
        return seat.id;
    }

    /// The member accepts: `customer_seat.claimed`, `benefit_grant.created` for each benefit, `customer.state_changed`.
    public void claim(UUID id) {
        Seat seat = SimulatedState.find(state.seats, id);
        if (!seat.status.equals(Seat.PENDING)) {
            throw new IllegalStateException("the seat is " + seat.status + ", not pending");
        }
        if (seat.invitationTokenExpiresAt != null && emissions.now().isAfter(seat.invitationTokenExpiresAt)) {
            throw new IllegalStateException("the invitation has expired");
        }
        seat.modifiedAt = emissions.next();
        seat.claimedAt = seat.modifiedAt;
        seat.status = Seat.CLAIMED;
        seat.invitationToken = null;
        emissions.emit("customer_seat.claimed", payloads.seat(seat));
        Subscription container = SimulatedState.find(state.subscriptions, seat.subscriptionId);
        List<UUID> benefits = SimulatedState.find(state.products, container.productId).benefitIds();
        grants.giveEach(seat.customerId, container.id, List.of(seat.memberId), benefits);
    }

    /// `customer_seat.revoked`; if it was claimed, `benefit_grant.revoked` for each grant of its member,
    /// `customer.state_changed`.
    public void revoke(UUID id) {
        Seat seat = SimulatedState.find(state.seats, id);
        if (!seat.isTaken()) {
            throw new IllegalStateException("the seat is revoked already");
        }
        UUID customer = seat.customerId;
        UUID member = seat.memberId;
        revoke(seat);
        if (grants.revokeAll(grant -> seat.subscriptionId.equals(grant.subscriptionId)
                && grant.memberId.equals(member))) {
            grants.emitState(customer);
        }
    }

    /// `customer_seat.revoked` for each seat, `benefit_grant.revoked` for each grant.
    void revokeAllOf(Subscription subscription) {
        taken(subscription.id).toList().forEach(this::revoke);
        grants.revokeAll(grant -> subscription.id.equals(grant.subscriptionId));
    }

    /// The product may have changed: `benefit_grant.revoked` and `.created`, until those who have claimed a seat have
    /// its benefits.
    void align(Subscription subscription) {
        if (subscription.seats == null || !subscription.status.grantsBenefits()) {
            return;
        }
        List<UUID> benefits = SimulatedState.find(state.products, subscription.productId).benefitIds();
        grants.revokeAll(
                grant -> subscription.id.equals(grant.subscriptionId) && !benefits.contains(grant.benefitId));
        List<Seat> claimed = taken(subscription.id).filter(seat -> seat.status.equals(Seat.CLAIMED)).toList();
        claimed.forEach(seat -> benefits.stream()
                .filter(benefit -> !hasGrant(seat, benefit))
                .forEach(benefit -> grants.grant(seat.customerId, subscription.id, null, seat.memberId, benefit)));
    }

    private boolean hasGrant(Seat seat, UUID benefit) {
        return state.grants.values().stream().anyMatch(grant -> grant.isGranted && grant.benefitId.equals(benefit)
                && seat.subscriptionId.equals(grant.subscriptionId) && seat.memberId.equals(grant.memberId));
    }

    /// `customer_seat.revoked` for each seat of this member.
    void revokeAllOf(Member member) {
        state.seats.values().stream()
                .filter(seat -> seat.isTaken() && member.id().equals(seat.memberId))
                .forEach(this::revoke);
    }

    Stream<Seat> taken(UUID subscription) {
        return state.seats.values().stream()
                .filter(seat -> seat.isTaken() && seat.subscriptionId.equals(subscription));
    }

    private Seat create(UUID subscription) {
        Seat seat = new Seat();
        seat.id = emissions.newId();
        seat.createdAt = emissions.next();
        seat.subscriptionId = subscription;
        state.seats.put(seat.id, seat);
        return seat;
    }

    /// Nobody has it any more.
    private void revoke(Seat seat) {
        seat.modifiedAt = emissions.next();
        seat.revokedAt = seat.modifiedAt;
        seat.status = Seat.REVOKED;
        seat.invitationToken = null;
        seat.customerId = null;
        seat.memberId = null;
        seat.email = null;
        seat.customerEmail = null;
        emissions.emit("customer_seat.revoked", payloads.seat(seat));
    }
}
