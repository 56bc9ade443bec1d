package dev.plinto.polar.sandbox.polar;

import java.time.Instant;
import java.util.UUID;

/// An event of one endpoint: its id is the `webhook-id` of each attempt, its payload the body of each attempt.
///
/// `succeeded` is null until one attempt has succeeded or all have failed.
final class StoredEvent {

    UUID id;
    Instant createdAt;
    Instant modifiedAt;
    Integer lastHttpCode;
    Boolean succeeded;
    boolean skipped;
    String apiVersion;
    String payload;
    String type;
    boolean isArchived;
    UUID endpointId;
    int attempts;

    boolean pending() {
        return succeeded == null && !skipped && !isArchived;
    }
}
