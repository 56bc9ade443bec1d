package dev.plinto.polar.polar.api;

import dev.plinto.polar.polar.Payload;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A seat as Polar states it.
///
/// @param status   `pending`, `claimed` or `revoked`
/// @param memberId null once it is revoked
/// @param userId   the member's external id
public record PolarSeat(String id, String status, @Nullable String memberId, @Nullable String userId,
        @Nullable String email, Optional<Instant> claimedAt) {

    static PolarSeat of(Payload seat) {
        return new PolarSeat(seat.requiredId("id"), Needed.text(seat, "status"), seat.id("member_id"),
                seat.object("member").map(member -> member.id("external_id")).orElse(null), seat.text("email"),
                Optional.ofNullable(seat.time("claimed_at")));
    }

    /// Without personal data.
    @Override
    public String toString() {
        return "PolarSeat[id=" + id + ", status=" + status + ", memberId=" + memberId + "]";
    }
}
