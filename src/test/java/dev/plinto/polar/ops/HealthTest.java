package dev.plinto.polar.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.plinto.polar.testing.Health;
import dev.plinto.polar.testing.SandboxStack;
import dev.plinto.polar.testing.SuspendedBroker;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// What a replica with all roles says of itself. `HealthIT` has what it says without a database, and with other roles.
@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
class HealthTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TestHTTPResource("/")
    URI service;

    @Test
    void whereEverythingIsThere_eachCheckIsNamedAfterItsThing_andUp() {
        assertThat(Health.of(service, "live").checks()).isEqualTo(Map.of("channels", "UP", "relay", "UP"));
        assertThat(Health.of(service, "ready").checks()).isEqualTo(Map.of("broker", "UP", "database", "UP", "endpoint", "UP"));
        assertThat(Health.of(service, "started").checks()).isEqualTo(Map.of("schema", "UP", "topics", "UP"));
    }

    @Test
    void brokerThatDoesNotAnswer_makesItUnreadyForAsLong_andNotDead() throws Exception {
        SuspendedBroker suspended = new SuspendedBroker();
        try (suspended) {
            await().atMost(PATIENCE).until(() -> !Health.of(service, "ready").isUp());
            Health ready = Health.of(service, "ready");
            assertThat(ready.checks()).isEqualTo(Map.of("broker", "DOWN", "database", "UP", "endpoint", "UP"));
            assertThat(ready.what().get("broker")).contains("KAFKA_BOOTSTRAP_SERVERS");
            assertThat(Health.of(service, "live").isUp()).isTrue();
            assertThat(Health.of(service, "started").isUp()).isTrue();
        }
        await().atMost(PATIENCE).until(() -> Health.of(service, "ready").isUp());
        assertThat(Health.of(service, "live").isUp()).isTrue();
    }
}
