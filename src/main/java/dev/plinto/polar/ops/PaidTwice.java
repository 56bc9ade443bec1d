package dev.plinto.polar.ops;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// An organization and a group of products of which it has several live subscriptions.
///
/// @param organizationId masked if it is an e-mail address
/// @param group          the products' metadata key `group`; empty for products without one
/// @param subscriptions  in the order in which they were bought, at most ten
@JsonNaming(SnakeCaseStrategy.class)
public record PaidTwice(String organizationId, String group, List<Subscription> subscriptions) {

    private static final Set<String> GOING_ON = Set.of("active", "trialing");

    public PaidTwice {
        subscriptions = List.copyOf(subscriptions);
    }

    /// @param amount of a period, in minor units of the currency
    /// @param since  when it was first charged; null if no order is known yet
    /// @param order  the newest one that was paid and not refunded as a whole; null if there is none
    @JsonNaming(SnakeCaseStrategy.class)
    public record Subscription(String subscriptionId, @Nullable String customerId, @Nullable String status,
            @Nullable String productId, @Nullable String productName, @Nullable Long amount, @Nullable String currency,
            @Nullable String recurringInterval, boolean cancelAtPeriodEnd, @Nullable String currentPeriodEnd,
            @Nullable String since, @Nullable Order order) {

        private boolean goesOn() {
            return !cancelAtPeriodEnd && status != null && GOING_ON.contains(status);
        }
    }

    /// @param totalAmount in minor units of the currency, as `refundedAmount`
    @JsonNaming(SnakeCaseStrategy.class)
    public record Order(String orderId, @Nullable String createdAt, long totalAmount, long refundedAmount,
            @Nullable String currency) {}

    /// What an operator does about it, in words: the first one that goes on is kept, unless the organization says
    /// otherwise.
    @JsonProperty("next_step")
    public String nextStep() {
        Subscription kept = subscriptions.stream().filter(Subscription::goesOn).findFirst()
                .orElse(subscriptions.getFirst());
        List<Subscription> others = subscriptions.stream().filter(other -> !other.equals(kept)).toList();
        List<Subscription> canceled = others.stream().filter(other -> !other.cancelAtPeriodEnd).toList();
        String orders = others.stream().map(Subscription::order).filter(order -> order != null).map(Order::orderId)
                .collect(Collectors.joining(", "));
        return (canceled.isEmpty()
                ? "Nothing needs to be canceled: what is beside " + kept.subscriptionId + " ends with its period."
                : "Ask the organization which one it wants. If it does not say, keep " + kept.subscriptionId
                        + ", and cancel at Polar, at once: " + canceled.stream().map(Subscription::subscriptionId)
                                .collect(Collectors.joining(", "))
                        + ".")
                + (orders.isEmpty()
                        ? " Nothing was paid for the other, so there is nothing to refund."
                        : " Refund at Polar what was paid for the time in which both ran; see order " + orders + ".");
    }
}
