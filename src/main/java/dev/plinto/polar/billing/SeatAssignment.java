package dev.plinto.polar.billing;

import dev.plinto.polar.Problem;
import dev.plinto.polar.audit.Action;
import dev.plinto.polar.audit.Actor;
import dev.plinto.polar.audit.AuditLog;
import dev.plinto.polar.audit.AuditLog.Entry;
import dev.plinto.polar.billing.SeatLookup.Container;
import dev.plinto.polar.billing.idempotency.Attempt;
import dev.plinto.polar.entitlement.Checkout;
import dev.plinto.polar.polar.api.Answered;
import dev.plinto.polar.polar.api.Dated;
import dev.plinto.polar.polar.api.FailureReason;
import dev.plinto.polar.polar.api.PolarFailure;
import dev.plinto.polar.polar.api.PolarSeat;
import dev.plinto.polar.polar.api.PolarSeats;
import dev.plinto.polar.polar.api.Purpose.ForOrganization;
import dev.plinto.polar.polar.api.Refusal;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// Gives somebody a seat at Polar. Polar has no idempotency keys, so each seat carries the id of the request that it
/// was given for: an attempt that follows one without an answer looks for it, and gives no second one. Only for threads
/// that may block.
@ApplicationScoped
class SeatAssignment {

    private static final Problem ENDED = new Problem("subscription-ended", 409, "The subscription has ended",
            "Nothing was done. It cannot be taken up again: let the organization buy anew.");
    private static final Problem NO_SEATS = new Problem("not-sold-by-the-seat", 422, "The subscription has no seats",
            "Nothing was done. Only a subscription to a product that is sold by the seat has them.");
    private static final Problem MEMBER_UNKNOWN = new Problem("member-unknown", 422, "Polar does not know the user",
            "Nothing was done. Send email too: the user becomes a member with it.");

    private final PolarSeats polar;
    private final AuditLog audit;

    SeatAssignment(PolarSeats polar, AuditLog audit) {
        this.polar = polar;
        this.audit = audit;
    }

    /// @throws PolarFailure if Polar does not answer
    Dated<Answered<PolarSeat>> give(Attempt attempt, Container subscription, SeatRequest request, Actor actor)
            throws InterruptedException {
        ForOrganization purpose = new ForOrganization(subscription.account());
        String id = switch (attempt) {
            case Attempt.First first -> UUID.randomUUID().toString();
            case Attempt.Resumed resumed -> resumed.progress();
        };
        Optional<Dated<Answered<PolarSeat>>> given = attempt instanceof Attempt.Resumed
                ? find(purpose, subscription, id)
                : Optional.empty();
        if (given.isPresent()) {
            return given.get();
        }
        if (subscription.isOver()) { // Polar would give a seat of it all the same
            throw ENDED.exception();
        }
        Entry entry = new Entry(actor, Action.ASSIGN_SEAT, subscription.account(),
                "subscription " + subscription.id(), null, null, null);
        return RecordedCall.of(audit, entry, attempt, id, () -> assign(attempt, purpose, subscription, request, id),
                seat -> "seat " + seat.answer().object().id());
    }

    private Dated<Answered<PolarSeat>> assign(Attempt attempt, ForOrganization purpose, Container subscription,
            SeatRequest request, String id) throws InterruptedException {
        try {
            return polar.assign(purpose, subscription.id(), request.holder(), Map.of(Checkout.REQUEST_KEY, id));
        } catch (PolarFailure failure) {
            if (!(failure.reason() instanceof FailureReason.Refused refused)) {
                throw failure;
            }
            Optional<Dated<Answered<PolarSeat>>> given = attempt instanceof Attempt.Resumed
                    ? find(purpose, subscription, id) // what the attempt before asked for was carried out only now
                    : Optional.empty();
            return given.orElseThrow(() -> refusal(refused, failure, subscription, request));
        }
    }

    /// The seat that an earlier attempt was given, whatever became of it since.
    private Optional<Dated<Answered<PolarSeat>>> find(ForOrganization purpose, Container subscription, String id)
            throws InterruptedException {
        return polar.of(purpose, subscription.id()).flatMap(list -> list.answer().seats().stream()
                .filter(seat -> id.equals(seat.object().metadata().get(Checkout.REQUEST_KEY)))
                .findFirst().map(seat -> new Dated<>(seat, list.at())));
    }

    private static RuntimeException refusal(FailureReason.Refused refused, PolarFailure failure,
            Container subscription, SeatRequest request) {
        Refusal refusal = refused.refusal();
        if (refusal == Refusal.NO_SEAT_LEFT && !subscription.hasSeats()) {
            return NO_SEATS.exception();
        }
        if (refusal == Refusal.NOT_FOUND || refusal == Refusal.UNKNOWN_CUSTOMER) {
            return (request.isOfMember() ? MEMBER_UNKNOWN : SeatLookup.UNKNOWN).exception();
        }
        return failure;
    }
}
