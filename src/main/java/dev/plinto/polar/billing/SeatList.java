package dev.plinto.polar.billing;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The seats of a subscription that are taken.
///
/// @param totalSeats     how many it has; null if it is not sold by the seat
/// @param availableSeats how many of them nobody has; null likewise
@JsonNaming(SnakeCaseStrategy.class)
public record SeatList(List<Seat> items, @Nullable Long totalSeats, @Nullable Long availableSeats) {

    /// @param status   `pending` while the invitation is open, `claimed` then
    /// @param memberId null for a seat that Polar gave to nobody yet
    /// @param userId   the application's user; null if it told Polar none
    @JsonNaming(SnakeCaseStrategy.class)
    public record Seat(String seatId, @Nullable String status, @Nullable String memberId, @Nullable String userId,
            @Nullable String email, @Nullable String claimedAt) {

        /// Without the e-mail.
        @Override
        public String toString() {
            return "Seat[seatId=" + seatId + "]";
        }
    }

    public SeatList {
        items = List.copyOf(items);
    }
}
