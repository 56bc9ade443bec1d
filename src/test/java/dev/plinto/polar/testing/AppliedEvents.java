package dev.plinto.polar.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.time.Duration;
import java.util.List;

/// Events of Polar's that were delivered, and that the projection has applied.
public final class AppliedEvents {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final URI endpoint;
    private final Database database;

    public AppliedEvents(URI service, Database database) {
        this.endpoint = service.resolve("/api/v1/polar/webhooks");
        this.database = database;
    }

    /// @param at   Polar's moment
    /// @param data of the event, as JSON
    public void deliver(String type, String at, String data) {
        SignedDelivery event = SignedDelivery.of("""
                {"type":"%s","timestamp":"%s","data":%s}""".formatted(type, at, data));
        assertThat(event.send(endpoint).statusCode()).isEqualTo(202);
        assertThat(await().atMost(PATIENCE).pollInterval(Duration.ofMillis(25)).until(
                () -> database.column("""
                        SELECT outcome FROM inbox WHERE webhook_id = ?
                        UNION ALL SELECT 'parked' FROM parked WHERE webhook_id = ?
                        """, event.webhookId(), event.webhookId()),
                outcomes -> !outcomes.isEmpty())).as(type + " " + data).isEqualTo(List.of("applied"));
    }
}
