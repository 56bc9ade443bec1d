package dev.plinto.polar.polar.api;

import dev.plinto.polar.polar.Payload;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A seat as Polar states it.
///
/// @param status   `pending`, `claimed` or `revoked`
/// @param memberId null once it is revoked
/// @param userId   the member's external id
/// @param metadata its texts, of the newest assignment
public record PolarSeat(String id, String status, @Nullable String memberId, @Nullable String userId,
        @Nullable String email, Optional<Instant> claimedAt, Map<String, String> metadata) {

    public PolarSeat {
        metadata = Map.copyOf(metadata);
    }

    static PolarSeat of(Payload seat) {
        return new PolarSeat(seat.requiredId("id"), Needed.text(seat, "status"), seat.id("member_id"),
                seat.object("member").map(member -> member.id("external_id")).orElse(null), seat.text("email"),
                Optional.ofNullable(seat.time("claimed_at")), Needed.texts(seat, "seat_metadata"));
    }

    /// Without personal data.
    @Override
    public String toString() {
        return "PolarSeat[id=" + id + ", status=" + status + ", memberId=" + memberId + "]";
    }
}
