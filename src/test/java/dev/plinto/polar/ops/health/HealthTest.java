package dev.plinto.polar.ops.health;

import static dev.plinto.polar.testing.ApiDocument.step;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plinto.polar.testing.ApiDocument;
import dev.plinto.polar.testing.Health;
import dev.plinto.polar.testing.SandboxStack;
import dev.plinto.polar.testing.SuspendedBroker;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Health of a replica with all roles. `HealthIT` tests it without a database and with other roles.
@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
class HealthTest {

    private static final ApiDocument OPENAPI = ApiDocument.openapi();
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TestHTTPResource("/")
    URI service;

    @Test
    void everyCheck_isUp_whileEverythingRuns() {
        assertThat(Health.of(service, "live").checks())
                .isEqualTo(Map.of("channels", "UP", "relay", "UP", "threads", "UP"));
        assertThat(Health.of(service, "ready").checks())
                .isEqualTo(Map.of("broker", "UP", "database", "UP", "endpoint", "UP"));
        assertThat(Health.of(service, "started").checks()).isEqualTo(Map.of("schema", "UP", "topics", "UP"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"live", "ready", "started"})
    void documentedExamples_haveTheServedChecks(String kind) {
        Set<String> answered = Health.of(service, kind).checks().keySet();

        assertThat(Stream.of("200", "503").map(status -> examples(kind, status)))
                .allSatisfy(examples -> assertThat(examples).isNotEmpty()
                        .allSatisfy(example -> assertThat(example.at("/value/checks"))
                                .extracting(check -> check.get("name").asText())
                                .containsExactlyInAnyOrderElementsOf(answered)));
    }

    @Test
    void silentBroker_isReported_andTheReplicaStaysReadyToSpool() throws Exception {
        SuspendedBroker suspended = new SuspendedBroker();
        try (suspended) {
            await().atMost(PATIENCE).until(() -> Health.of(service, "ready").what().containsKey("broker"));
            Health ready = Health.of(service, "ready");
            assertThat(ready.checks()).isEqualTo(Map.of("broker", "UP", "database", "UP", "endpoint", "UP"));
            assertThat(ready.what().get("broker")).contains("KAFKA_BOOTSTRAP_SERVERS");
            assertThat(Health.of(service, "live").isUp()).isTrue();
            assertThat(Health.of(service, "started").isUp()).isTrue();
        }
        await().atMost(PATIENCE).until(() -> Health.of(service, "ready").what().isEmpty());
        assertThat(Health.of(service, "live").isUp()).isTrue();
    }

    private static JsonNode examples(String kind, String status) {
        return OPENAPI.at("/paths" + step("/q/health/" + kind) + "/get/responses/" + status + "/content"
                + step("application/json") + "/examples");
    }
}
