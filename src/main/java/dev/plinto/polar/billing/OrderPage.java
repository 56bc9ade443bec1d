package dev.plinto.polar.billing;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Some of an organization's orders, newest first.
///
/// @param nextCursor of the next page; null on the last one
@JsonNaming(SnakeCaseStrategy.class)
public record OrderPage(List<Order> items, @Nullable String nextCursor) {

    /// Amounts are in the currency's minor unit.
    ///
    /// @param productName what the product was called then
    @JsonNaming(SnakeCaseStrategy.class)
    public record Order(String orderId, String createdAt, @Nullable String status, @Nullable String billingReason,
            @Nullable Long subtotalAmount, @Nullable Long discountAmount, @Nullable Long taxAmount,
            @Nullable Long totalAmount, @Nullable Long refundedAmount, @Nullable String currency,
            @Nullable String invoiceNumber, @Nullable String productId, @Nullable String productName,
            @Nullable String subscriptionId) {}

    public OrderPage {
        items = List.copyOf(items);
    }
}
