package dev.plinto.polar.usage;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plinto.polar.ExactJson;
import dev.plinto.polar.polar.api.NewEvent;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// An event that Polar has not taken yet.
///
/// @param properties a JSON object, as it was sent; null if there are none
record DueEvent(String organization, UUID id, String name, BigDecimal quantity, @Nullable String properties,
        Instant occurredAt) {

    private static final String EMPTY = "{}";

    /// At Polar a meter adds up what stands in the metadata, so the quantity is among the properties there. Empty if
    /// the stored properties are no JSON object, since the database is damaged: that stops no other event.
    Optional<NewEvent> forCustomer(String customerId) {
        try {
            return ExactJson.read(properties == null ? EMPTY : properties) instanceof ObjectNode metadata
                    ? Optional.of(new NewEvent(id, name, customerId, occurredAt, metadata.put("quantity", quantity)))
                    : Optional.empty();
        } catch (IOException damaged) {
            return Optional.empty();
        }
    }

    /// Without the properties, which are the producer's.
    @Override
    public String toString() {
        return "DueEvent[organization=" + organization + ", id=" + id + ", name=" + name + "]";
    }
}
