package dev.plinto.polar.polar.api;

import dev.plinto.polar.polar.Payload;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A customer as Polar states it.
///
/// @param externalId the organization's id; once set, it cannot change
/// @param email      null for a team without one of its own
/// @param type       `individual` or `team`; null if Polar does not state it
/// @param createdAt  null if Polar does not state it
public record PolarCustomer(String id, @Nullable String externalId, @Nullable String email, @Nullable String type,
        @Nullable Instant createdAt) {

    static PolarCustomer of(Payload customer) {
        return new PolarCustomer(customer.requiredId("id"), customer.id("external_id"), customer.text("email"),
                customer.text("type"), customer.time("created_at"));
    }

    /// Without personal data.
    @Override
    public String toString() {
        return "PolarCustomer[id=" + id + ", externalId=" + externalId + ", type=" + type + "]";
    }
}
