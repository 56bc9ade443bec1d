package dev.plinto.polar.ops;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/// An event as it was received, from the database.
///
/// @param body       empty where it is kept no longer
/// @param isSnapshot whether reconciliation made it
record StoredEvent(Place place, Optional<byte[]> body, boolean isSnapshot) {

    StoredEvent {
        Objects.requireNonNull(place, "place");
        Objects.requireNonNull(body, "body");
    }

    String webhookId() {
        return place.webhookId();
    }

    Instant receivedAt() {
        return place.receivedAt();
    }
}
