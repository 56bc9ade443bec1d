package dev.plinto.polar.conekta.api;

import com.fasterxml.jackson.databind.JsonNode;

/// What can be asked of a subscription at Conekta. Each is done at once.
public enum ConektaChange {
    /// It is not renewed any more; what was paid stays paid. It cannot be taken back.
    CANCEL(Operation.CANCEL_SUBSCRIPTION, "canceled"),
    /// It is not renewed until it is resumed.
    PAUSE(Operation.PAUSE_SUBSCRIPTION, "paused"),
    /// A pause ends.
    RESUME(Operation.RESUME_SUBSCRIPTION, "active");

    private final Operation operation;
    private final String status;

    ConektaChange(Operation operation, String status) {
        this.operation = operation;
        this.status = status;
    }

    Operation operation() {
        return operation;
    }

    /// Whether the subscription is as it would make it.
    public boolean isMadeIn(JsonNode subscription) {
        return status.equals(subscription.path("status").asText());
    }
}
