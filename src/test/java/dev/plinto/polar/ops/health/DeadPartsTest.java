package dev.plinto.polar.ops.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.plinto.polar.telemetry.MetricsConfig;
import dev.plinto.polar.telemetry.PeriodicSample;
import dev.plinto.polar.testing.Database;
import dev.plinto.polar.testing.Health;
import dev.plinto.polar.testing.RawTopicWriter;
import dev.plinto.polar.testing.SandboxStack;
import dev.plinto.polar.testing.SmallSpoolAndTraces;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// A replica of which a part has failed for good reports it, so that it is restarted.
@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
@TestProfile(SmallSpoolAndTraces.class) // whose other classes come before
class DeadPartsTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TestHTTPResource("/")
    URI service;

    @Inject
    MetricsConfig config;

    @Test
    void failedRelay_isReported() {
        assertThat(Health.of(service, "live").checks()).containsEntry("relay", "UP");

        Thread.getAllStackTraces().keySet().stream().filter(thread -> thread.getName().equals("relay"))
                .forEach(Thread::interrupt);

        assertDead("relay", "thread that publishes");
    }

    @Test
    void threadThatEndedByAnError_isReported() throws InterruptedException {
        assertThat(Health.of(service, "live").checks()).containsEntry("threads", "UP");
        var sample = new PeriodicSample<String>("what no stack is enough for", config, () -> {
            throw new StackOverflowError("as a test says");
        });
        try {
            sample.start();

            assertDead("threads", "sample what no stack is enough for");
        } finally {
            sample.stop();
        }
    }

    /// An event that can be neither projected nor parked ends the channel: going on would lose it.
    @Test
    void failedChannel_isReported() {
        assertThat(Health.of(service, "live").checks()).containsEntry("channels", "UP");
        String id = "dead-" + UUID.randomUUID();
        Database database = Database.ofSandbox();
        database.execute("ALTER TABLE parked ADD CONSTRAINT surprise CHECK (webhook_id <> '" + id + "')");
        try (RawTopicWriter rawTopic = RawTopicWriter.toSandbox()) {
            rawTopic.write(List.of(RawTopicWriter.record(id, new byte[0])));

            assertDead("channels", "received");
        } finally {
            database.execute("ALTER TABLE parked DROP CONSTRAINT surprise");
        }
    }

    private void assertDead(String check, String what) {
        await().atMost(PATIENCE).until(() -> "DOWN".equals(Health.of(service, "live").checks().get(check)));
        Health live = Health.of(service, "live");
        assertThat(live.status()).isEqualTo(503);
        assertThat(live.what().get(check)).contains(what, "Restart this replica");
        assertThat(Health.of(service, "ready").isUp()).isTrue();
    }
}
