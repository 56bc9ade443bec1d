package dev.plinto.polar.billing;

import dev.plinto.polar.IdParameter;
import dev.plinto.polar.Problem;
import dev.plinto.polar.audit.Action;
import dev.plinto.polar.audit.Actor;
import dev.plinto.polar.audit.AuditLog;
import dev.plinto.polar.audit.AuditLog.Entry;
import dev.plinto.polar.billing.SeatLookup.Container;
import dev.plinto.polar.billing.idempotency.Attempt;
import dev.plinto.polar.polar.api.Answered;
import dev.plinto.polar.polar.api.Dated;
import dev.plinto.polar.polar.api.PolarFailure;
import dev.plinto.polar.polar.api.PolarSeat;
import dev.plinto.polar.polar.api.PolarSeats;
import dev.plinto.polar.polar.api.Purpose.ForOrganization;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Objects;
import java.util.Optional;

/// Takes a seat away at Polar. Polar gives a seat that was revoked to the next person, with the same id: an attempt
/// that follows one without an answer must not take it from them. Only for threads that may block.
@ApplicationScoped
class SeatRevocation {

    private static final Problem UNKNOWN = new Problem("seat-unknown", 404, "The subscription has no such seat",
            "Nothing was done. Send the seat_id of one of the subscription's seats.");

    private static final Problem REASSIGNED = new Problem("seat-reassigned", 409, "The seat is somebody else's now",
            "It was not taken from them. Read the list of seats, and send the request with another Idempotency-Key if "
                    + "they are to lose it.");
    private static final String REVOKED = "revoked";
    private static final String NOBODY = "nobody";

    private final PolarSeats polar;
    private final SeatLookup lookup;
    private final AuditLog audit;

    SeatRevocation(PolarSeats polar, SeatLookup lookup, AuditLog audit) {
        this.polar = polar;
        this.lookup = lookup;
        this.audit = audit;
    }

    /// Throws 404 `seat-unknown` for what cannot be an id.
    static void requireId(String seatId) {
        if (!IdParameter.isId(seatId)) {
            throw UNKNOWN.exception();
        }
    }

    /// @throws PolarFailure if Polar does not answer, or refuses
    Dated<Answered<PolarSeat>> revoke(Attempt attempt, Container subscription, String seatId, Actor actor)
            throws InterruptedException {
        ForOrganization purpose = new ForOrganization(subscription.account());
        Optional<String> known = attempt instanceof Attempt.First
                ? projectedMember(subscription, seatId)
                : Optional.empty();
        if (known.isPresent()) {
            return revoke(attempt, purpose, subscription, seatId, known.get(), actor);
        }
        Dated<Answered<PolarSeat>> now = find(purpose, subscription, seatId);
        if (now.answer().object().status().equals(REVOKED)) {
            return now;
        }
        String member = Objects.requireNonNullElse(now.answer().object().memberId(), NOBODY);
        if (attempt instanceof Attempt.Resumed resumed && !resumed.progress().equals(member)) {
            throw REASSIGNED.exception();
        }
        return revoke(attempt, purpose, subscription, seatId, member, actor);
    }

    /// Who has the seat; empty if that is not known. Throws 404 for a seat of another subscription: nobody is asked
    /// then.
    private Optional<String> projectedMember(Container subscription, String seatId) {
        return lookup.seat(seatId).await().indefinitely().filter(seat -> seat.subscriptionId() != null)
                .flatMap(seat -> {
                    if (!subscription.id().equals(seat.subscriptionId())) {
                        throw UNKNOWN.exception();
                    }
                    return Optional.ofNullable(seat.memberId());
                });
    }

    private Dated<Answered<PolarSeat>> find(ForOrganization purpose, Container subscription, String seatId)
            throws InterruptedException {
        return polar.of(purpose, subscription.id()).flatMap(list -> list.answer().seats().stream()
                .filter(seat -> seatId.equals(seat.object().id())).findFirst()
                .map(seat -> new Dated<>(seat, list.at())))
                .orElseThrow(UNKNOWN::exception);
    }

    private Dated<Answered<PolarSeat>> revoke(Attempt attempt, ForOrganization purpose, Container subscription,
            String seatId, String member, Actor actor) throws InterruptedException {
        Entry entry = new Entry(actor, Action.REVOKE_SEAT, subscription.account(),
                "seat " + seatId + " of subscription " + subscription.id(), null, null, null);
        return RecordedCall.of(audit, entry, attempt, member,
                () -> polar.revoke(purpose, seatId).orElseThrow(UNKNOWN::exception), seat -> REVOKED);
    }
}
