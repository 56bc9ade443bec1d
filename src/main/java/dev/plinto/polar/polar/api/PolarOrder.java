package dev.plinto.polar.polar.api;

import dev.plinto.polar.polar.Payload;
import org.jspecify.annotations.Nullable;

/// An order as Polar states it.
///
/// @param status             `draft`, `pending`, `paid`, `refunded`, `partially_refunded` or `void`, or another one in
///                           the future
/// @param isInvoiceGenerated whether its invoice can be read
public record PolarOrder(String id, String status, String customerId, @Nullable String productId,
        @Nullable String subscriptionId, @Nullable String checkoutId, boolean isInvoiceGenerated) {

    static PolarOrder of(Payload order) {
        return new PolarOrder(order.requiredId("id"), Needed.text(order, "status"), order.requiredId("customer_id"),
                order.id("product_id"), order.id("subscription_id"), order.id("checkout_id"),
                Boolean.TRUE.equals(order.bool("is_invoice_generated")));
    }
}
