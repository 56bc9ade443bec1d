package dev.plinto.polar.polar.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plinto.polar.Rfc3339;
import java.time.Instant;
import java.util.UUID;

/// A metered event for Polar, which takes each external id once for the whole merchant.
///
/// @param name       at most 128 characters
/// @param customerId Polar's, of the customer who is billed
/// @param timestamp  in the past by Polar's clock
/// @param metadata   at most 50 keys of at most 40 characters: texts of at most 500, numbers and booleans
public record NewEvent(UUID externalId, String name, String customerId, Instant timestamp, ObjectNode metadata) {

    /// As in the body of a request.
    record Written(UUID externalId, String name, String customerId, String timestamp, ObjectNode metadata) {

        /// Without the metadata, which is a producer's.
        @Override
        public String toString() {
            return "Written[externalId=" + externalId + "]";
        }
    }

    Written written() {
        return new Written(externalId, name, customerId, Rfc3339.format(timestamp), metadata);
    }

    /// Without the metadata, which is a producer's.
    @Override
    public String toString() {
        return "NewEvent[externalId=" + externalId + ", name=" + name + ", customerId=" + customerId + "]";
    }
}
