package dev.plinto.polar.sandbox.polar;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/// Who gets the seats of a subscription, and their invitations. A seat is for a member of the customer who bought it.
public final class SeatAssignments {

    private static final Duration INVITED_FOR = Duration.ofDays(1);

    private final SimulatedState state;
    private final Members members;
    private final Seats seats;
    private final CustomerSessions sessions;
    private final Emissions emissions;

    SeatAssignments(
            SimulatedState state, Members members, Seats seats, CustomerSessions sessions, Emissions emissions) {
        this.state = state;
        this.members = members;
        this.seats = seats;
        this.sessions = sessions;
        this.emissions = emissions;
    }

    /// Whom a seat is for: one field, or an external id of a member and the e-mail with which it is created; the others
    /// are null.
    public record Person(String email, UUID customer, String externalCustomer, UUID member, String externalMember) {

        private boolean isOne() {
            long given = Stream.of(email, customer, externalCustomer, member, externalMember)
                    .filter(Objects::nonNull).count();
            return given == 1 || given == 2 && email != null && externalMember != null;
        }
    }

    /// `member.created`, unless the customer has this member; `customer_seat.assigned`, or if `claimed` what
    /// [Seats#claim(UUID)] emits. A revoked seat is used again, with its id.
    ///
    /// @throws Refusal if no seat is free, the person has one, or nobody is meant
    public UUID assign(UUID subscription, Person person, Map<String, ?> metadata, boolean claimed) {
        if (!person.isOne()) {
            throw new Refusal(400, "InvalidSeatAssignmentRequest",
                    "Exactly one of email, external_customer_id, customer_id, external_member_id, or member_id must be"
                            + " provided");
        }
        UUID buyer = SimulatedState.find(state.subscriptions, subscription).customerId;
        if (seats.free(subscription) < 1) {
            throw new Refusal(400, "SeatNotAvailable", "No available seats for " + subscription);
        }
        Optional<Member> known = known(buyer, person);
        if (known.isPresent()
                && seats.taken(subscription).anyMatch(seat -> known.get().id().equals(seat.memberId))) {
            throw new Refusal(400, "SeatAlreadyAssigned", "Seat already assigned to this customer");
        }
        Member member = known.orElseGet(() -> members.create(buyer, emailOf(person), person.externalMember));
        return seats.give(subscription, member, metadata, claimed);
    }

    /// A new invitation of a seat that is not claimed; the one before does not count any more.
    ///
    /// @throws Refusal if the seat is not pending
    public void inviteAgain(UUID id) {
        Seat seat = SimulatedState.find(state.seats, id);
        if (!seat.status.equals(Seat.PENDING)) {
            throw new Refusal(400, "SeatNotPending", "Seat is not in pending status");
        }
        seat.modifiedAt = emissions.next();
        invite(seat, emissions);
    }

    /// The seat of an invitation; empty if it is over.
    public Optional<Invitation> invitation(String token) {
        return open().filter(seat -> token.equals(seat.invitationToken)).findFirst().map(this::invitation);
    }

    /// The invitations that wait for their members, oldest first.
    public List<Invitation> invitations() {
        return open().map(this::invitation).toList();
    }

    private Stream<Seat> open() {
        return state.seats.values().stream()
                .filter(seat -> seat.status.equals(Seat.PENDING) && seat.invitationToken != null
                        && seat.invitationTokenExpiresAt.isAfter(emissions.now()));
    }

    private Invitation invitation(Seat seat) {
        UUID product = SimulatedState.find(state.subscriptions, seat.subscriptionId).productId;
        return new Invitation(
                seat.id, product, SimulatedState.find(state.products, product).name(), state.merchant.name(),
                state.merchant.slug(), seat.email);
    }

    /// What an invitation is for.
    public record Invitation(
            UUID seat,
            UUID product,
            String productName,
            String organizationName,
            String organizationSlug,
            String email) {}

    /// As [Seats#claim(UUID)].
    ///
    /// @return the token of a session in which the member sees the customer's portal
    public String claim(Invitation invitation) {
        seats.claim(invitation.seat);
        Seat seat = SimulatedState.find(state.seats, invitation.seat);
        Member member = SimulatedState.find(state.members, seat.memberId);
        return sessions.open(SimulatedState.find(state.customers, member.customerId()), member, null).token();
    }

    /// The secret that the invitation's e-mail has; empty if no invitation waits.
    public Optional<String> tokenOf(UUID seat) {
        return Optional.ofNullable(state.seats.get(seat)).map(known -> known.invitationToken);
    }

    static void invite(Seat seat, Emissions emissions) {
        seat.invitationToken = emissions.newToken(32);
        seat.invitationTokenExpiresAt = emissions.next().plus(INVITED_FOR);
    }

    private Optional<Member> known(UUID buyer, Person person) {
        Stream<Member> all = members.of(buyer).stream();
        if (person.member != null) {
            return Optional.of(all.filter(member -> member.id().equals(person.member)).findFirst().orElseThrow(
                    () -> new Refusal(404, "ResourceNotFound", "Member not found")));
        }
        if (person.externalMember == null) {
            String email = emailOf(person);
            return all.filter(member -> member.email().equalsIgnoreCase(email)).findFirst();
        }
        Optional<Member> known = all.filter(member -> person.externalMember.equals(member.externalId())).findFirst();
        if (known.isEmpty() && person.email == null) {
            throw new Refusal(404, "ResourceNotFound", "Member not found");
        }
        if (known.isPresent() && person.email != null && !known.get().email().equalsIgnoreCase(person.email)) {
            throw new Refusal(400, "MemberEmailMismatch", "The member with this external ID has another email.");
        }
        return known;
    }

    private String emailOf(Person person) {
        if (person.email != null) {
            return person.email;
        }
        return state.customers.values().stream()
                .filter(customer -> customer.deletedAt == null && (customer.id.equals(person.customer)
                        || customer.externalId != null && customer.externalId.equals(person.externalCustomer)))
                .findFirst()
                .orElseThrow(() -> new Refusal(404, "CustomerNotFound", "Customer not found")).email;
    }
}
