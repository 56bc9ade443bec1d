package dev.plinto.polar.sandbox.conekta;

import java.time.Instant;

/// The attempts to deliver one event to one webhook. Before the first attempt there is no time and no status; the
/// status stays unknown while no answer came.
final class WebhookLog {

    final String id;
    final String url;
    int attempts;
    int failedAttempts;
    boolean delivered;
    Instant lastAttemptedAt;
    Integer lastHttpResponseStatus;

    WebhookLog(String id, String url) {
        this.id = id;
        this.url = url;
    }
}
