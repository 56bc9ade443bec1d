package dev.plinto.polar.sandbox.conekta;

import java.time.Instant;

/// A key that signs events while it is active.
final class WebhookKey {

    final String id;
    final SigningKey key;
    final Instant createdAt;
    boolean active;
    Instant deactivatedAt;

    WebhookKey(String id, SigningKey key, Instant createdAt, boolean active) {
        this.id = id;
        this.key = key;
        this.createdAt = createdAt;
        this.active = active;
    }
}
