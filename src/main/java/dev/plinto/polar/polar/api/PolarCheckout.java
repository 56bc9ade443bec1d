package dev.plinto.polar.polar.api;

import dev.plinto.polar.polar.Payload;
import java.net.URI;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A checkout as Polar states it.
///
/// @param url            where the buyer pays; never put together by hand
/// @param clientSecret   for the checkout in a frame; whoever has it may pay
/// @param status         `open`, `expired`, `confirmed`, `succeeded`, `failed`, or another one in the future
/// @param productId      the selected product; null if Polar states none
/// @param subscriptionId null until the checkout succeeded, and for a one-time product
/// @param metadata       its texts
public record PolarCheckout(String id, URI url, String clientSecret, String status, @Nullable String productId,
        @Nullable String customerId, @Nullable String externalCustomerId, @Nullable String subscriptionId,
        Instant createdAt, Instant expiresAt, Map<String, String> metadata) {

    public PolarCheckout {
        metadata = Map.copyOf(metadata);
    }

    static PolarCheckout of(Payload checkout) {
        return new PolarCheckout(checkout.requiredId("id"), Needed.url(checkout, "url"),
                Needed.text(checkout, "client_secret"), Needed.text(checkout, "status"), checkout.id("product_id"),
                checkout.id("customer_id"), checkout.id("external_customer_id"), checkout.id("subscription_id"),
                checkout.requiredTime("created_at"), checkout.requiredTime("expires_at"),
                Needed.texts(checkout, "metadata"));
    }

    /// Without the secret, which the address has too.
    @Override
    public String toString() {
        return "PolarCheckout[id=" + id + ", status=" + status + "]";
    }
}
