package dev.plinto.polar.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.plinto.polar.Topics;
import dev.plinto.polar.testing.Database;
import dev.plinto.polar.testing.MetricsDelta;
import dev.plinto.polar.testing.SandboxStack;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The metrics of messages that wait to be published.
@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
class OutboxMetricsTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Database database = Database.ofSandbox();

    @TestHTTPResource("/")
    URI service;

    private MetricsDelta measured;

    @BeforeEach
    void measure() {
        measured = MetricsDelta.whenIdle(service);
    }

    @Test
    void messageThatStaysInTheOutbox_isPending_andItsAgeGrowsFromReceipt() {
        assertThat(measured.value("polar_outbox_pending")).isZero();
        assertThat(age()).isZero();
        String key = "m-" + UUID.randomUUID();
        database.execute("INSERT INTO outbox (topic, key, headers, value, received_at) VALUES (?, ?, '{}', "
                + "convert_to(repeat('x', 9000000), 'UTF8'), now() - interval '100 s')",
                Topics.ENTITLEMENT_CHANGED, key);

        await().atMost(PATIENCE).until(() -> measured.value("polar_outbox_pending") == 1);
        double age = age();
        assertThat(age).isBetween(100.0, 120.0);
        await().atMost(PATIENCE).until(() -> age() > age);

        database.execute("DELETE FROM outbox WHERE key = ?", key);
        await().atMost(PATIENCE).until(() -> measured.value("polar_outbox_pending") == 0 && age() == 0);
    }

    @Test
    void withoutALeader_messagesAge_evenWithoutATimeOfReceipt() {
        database.execute("UPDATE relay_lease SET holder = 'another-replica', expires_at = now() + interval '1 hour'");
        try {
            await().atMost(PATIENCE).until(() -> measured.value("polar_relay_leader") == 0);
            database.execute("INSERT INTO outbox (topic, key, headers, value) VALUES (?, ?, '{}', '{}')",
                    Topics.ENTITLEMENT_CHANGED, "m-" + UUID.randomUUID());
            await().atMost(PATIENCE).until(() -> measured.value("polar_outbox_pending") == 1 && age() > 1);
        } finally {
            database.execute("DELETE FROM relay_lease");
        }
        await().atMost(PATIENCE).until(() -> measured.value("polar_relay_leader") == 1
                && measured.value("polar_outbox_pending") == 0 && age() == 0);
    }

    private double age() {
        return measured.value("polar_oldest_pending_seconds", "stage=published");
    }
}
