package dev.plinto.polar.ops;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What an account bought, or tried to, and what this service asked of Polar for it: the newest of each, without
/// personal data.
@JsonNaming(SnakeCaseStrategy.class)
public record Sales(List<Checkout> checkouts, List<Order> orders, List<Seat> seats, List<ProviderCall> providerCalls) {

    public Sales {
        checkouts = List.copyOf(checkouts);
        orders = List.copyOf(orders);
        seats = List.copyOf(seats);
        providerCalls = List.copyOf(providerCalls);
    }

    @JsonIgnore
    public boolean isEmpty() {
        return checkouts.isEmpty() && orders.isEmpty() && seats.isEmpty() && providerCalls.isEmpty();
    }

    /// @param requestId which request of an application it was made for; null if somebody else made it
    /// @param why       what became of it, and why it unlocked nothing, for people
    @JsonNaming(SnakeCaseStrategy.class)
    public record Checkout(String checkoutId, @Nullable String status, @Nullable String productName,
            @Nullable String createdAt, @Nullable String expiresAt, @Nullable String requestId, String why) {}

    /// @param totalAmount in minor units of the currency, as `refundedAmount`; null until it is known
    @JsonNaming(SnakeCaseStrategy.class)
    public record Order(String orderId, @Nullable String createdAt, @Nullable String status,
            @Nullable String billingReason, @Nullable Long totalAmount, @Nullable Long refundedAmount,
            @Nullable String currency, @Nullable String productName, @Nullable String subscriptionId) {}

    /// @param userId the application's user; null if Polar was not told it
    @JsonNaming(SnakeCaseStrategy.class)
    public record Seat(String seatId, @Nullable String subscriptionId, @Nullable String status,
            @Nullable String memberId, @Nullable String userId, @Nullable String claimedAt) {}

    /// @param result null while it runs, or if it could not be recorded
    @JsonNaming(SnakeCaseStrategy.class)
    public record ProviderCall(String at, String action, @Nullable String target, @Nullable String result,
            @Nullable String requestId) {}
}
