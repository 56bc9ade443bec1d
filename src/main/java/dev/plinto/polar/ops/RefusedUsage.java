package dev.plinto.polar.ops;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.plinto.polar.Rfc3339;
import dev.plinto.polar.telemetry.MaskedAddress;
import dev.plinto.polar.usage.ParkedUsage.ParkedEvent;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// An event of usage that Polar refuses, without its properties. Addresses are masked.
///
/// @param id             its `external_id` at Polar
/// @param idempotencyKey the producer's
/// @param reason         Polar's
@JsonNaming(SnakeCaseStrategy.class)
public record RefusedUsage(String id, String organizationId, String idempotencyKey, String eventName,
        BigDecimal quantity, String timestamp, String acceptedAt, String reason) {

    static RefusedUsage of(ParkedEvent event) {
        return new RefusedUsage(event.reference().id().toString(),
                MaskedAddress.of(event.reference().organization()), MaskedAddress.of(event.key()), event.name(),
                event.quantity(), Rfc3339.format(event.occurredAt()), Rfc3339.format(event.acceptedAt()),
                event.reason());
    }

    /// Without the key, which may be personal.
    @Override
    public String toString() {
        return "RefusedUsage[" + id + "]";
    }

    /// @param next the cursor of the next page; null on the last one
    public record Page(List<RefusedUsage> items, @Nullable String next) {

        public Page {
            items = List.copyOf(items);
        }
    }
}
