package dev.plinto.polar.polar.api;

import dev.plinto.polar.polar.Payload;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The seats of subscriptions at Polar. Each call blocks for one organization, whose user waits, and throws
/// [PolarFailure] if Polar does not answer or refuses.
@ApplicationScoped
public class PolarSeats {

    private static final String OF_SUBSCRIPTION = "subscription_id";

    private final PolarCalls calls;

    PolarSeats(PolarCalls calls) {
        this.calls = calls;
    }

    /// All seats that were ever assigned, revoked ones too; a subscription without seats has 0 in all.
    public record SeatList(List<Answered<PolarSeat>> seats, int total, int available) {

        static SeatList of(Payload answer, String subscription) {
            if (!answer.node().path("seats").isArray()) {
                throw new Payload.Unreadable(answer.path() + ".seats", "a list");
            }
            return new SeatList(answer.objects("seats")
                    .map(seat -> Answered.itself(seat, OF_SUBSCRIPTION, subscription, PolarSeat::of)).toList(),
                    Needed.number(answer, "total_seats"), Needed.number(answer, "available_seats"));
        }
    }

    /// Empty if there is no such subscription.
    public Optional<Dated<SeatList>> of(Purpose.ForOrganization caller, String subscriptionId)
            throws InterruptedException {
        return calls.find(caller, Operation.LIST_SEATS_OF_SUBSCRIPTION, OF_SUBSCRIPTION, subscriptionId,
                api -> api.listSeatsOf(subscriptionId), answer -> SeatList.of(answer, subscriptionId));
    }

    /// Refused with [Refusal#NO_SEAT_LEFT] or [Refusal#SEAT_ALREADY_ASSIGNED], among others.
    ///
    /// @param metadata at most 10 keys
    public Dated<Answered<PolarSeat>> assign(Purpose.ForOrganization caller, String subscriptionId, Holder holder,
            Map<String, String> metadata) throws InterruptedException {
        String body = RequestBody.of(switch (holder) {
            case Holder.Invited invited -> new Assignment(subscriptionId, invited.email(), null, null, false, metadata);
            case Holder.User user -> new Assignment(subscriptionId, user.email(), user.userId(), null, true, metadata);
            case Holder.Member member -> new Assignment(subscriptionId, null, null, member.memberId(), true, metadata);
        });
        return calls.call(caller, Operation.ASSIGN_SEAT, api -> api.assignSeat(body),
                answer -> Answered.itself(answer, OF_SUBSCRIPTION, subscriptionId, PolarSeat::of));
    }

    /// A seat that is revoked already stays so. Empty if there is no such seat.
    public Optional<Dated<Answered<PolarSeat>>> revoke(Purpose.ForOrganization caller, String seatId)
            throws InterruptedException {
        return calls.find(caller, Operation.REVOKE_SEAT, "seat_id", seatId, api -> api.revokeSeat(seatId),
                answer -> Answered.itself(answer, "id", seatId, PolarSeat::of));
    }

    /// Whom a seat is for.
    public sealed interface Holder {

        /// Polar invites this address; the seat counts once the invitation is accepted.
        record Invited(String email) implements Holder {

            @Override
            public String toString() {
                return "Invited";
            }
        }

        /// A user, who holds the seat at once. The member is created if the customer has none with this user's id.
        ///
        /// @param email null for a user who is a member already
        record User(String userId, @Nullable String email) implements Holder {

            /// Without the e-mail.
            @Override
            public String toString() {
                return "User[userId=" + userId + "]";
            }
        }

        /// A member by Polar's id, who holds the seat at once.
        record Member(String memberId) implements Holder {}
    }

    private record Assignment(String subscriptionId, @Nullable String email, @Nullable String externalMemberId,
            @Nullable String memberId, boolean immediateClaim, Map<String, String> metadata) {

        /// Without the e-mail.
        @Override
        public String toString() {
            return "Assignment[subscriptionId=" + subscriptionId + "]";
        }
    }
}
