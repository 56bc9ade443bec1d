package dev.plinto.polar.artefact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.plinto.polar.testing.Health;
import dev.plinto.polar.testing.OwnStack;
import dev.plinto.polar.testing.PackagedService;
import dev.plinto.polar.testing.ProblemDocument;
import dev.plinto.polar.testing.PrometheusText;
import dev.plinto.polar.testing.RawTopicWriter;
import dev.plinto.polar.testing.SignedDelivery;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/// Health and metrics of the packaged service: by its roles, while its database is away, and after a restart. The tests
/// run in order on one broker and one database, which is empty at first.
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class HealthIT {

    private static final Duration TIMEOUT = Duration.ofSeconds(40);
    private static final Duration MAX_AGE = Duration.ofSeconds(2); // four periods

    private static OwnStack stack;

    @BeforeAll
    static void start() {
        stack = OwnStack.start();
    }

    @AfterAll
    static void stop() {
        stack.close();
    }

    @Test
    @Order(1)
    void replicaThatMayNotMigrate_waitsUntilAnotherMigrates() {
        Map<String, String> withoutMigration = environment("api");
        withoutMigration.put("POLAR_MIGRATE_AT_START", "false");
        try (PackagedService waiting = PackagedService.start(withoutMigration);
                PackagedService ingress = PackagedService.start(environment("ingress"))) { // never migrates
            for (PackagedService replica : List.of(waiting, ingress)) {
                Health before = Health.of(uri(replica), "started");
                assertThat(before.checks()).isEqualTo(Map.of("schema", "DOWN", "topics", "UP"));
                assertThat(before.what().get("schema")).contains("POLAR_MIGRATE_AT_START");
            }

            PackagedService.start(environment("projection")).close();

            assertThat(Health.of(uri(waiting), "started").isUp()).isTrue();
            assertThat(Health.of(uri(ingress), "started").isUp()).isTrue();
        }
    }

    @Test
    @Order(2)
    void silentDatabase_makesOnlyItsUsersUnready_andTheLagShows() {
        try (PackagedService ingress = PackagedService.start(environment("ingress"));
                PackagedService others = PackagedService.start(environment("projection,relay,api"))) {
            awaitIdle(others);
            stack.postgres().suspend();
            try {
                deliver("while-away");
                await().atMost(TIMEOUT).untilAsserted(() -> assertThat(Health.of(uri(others), "ready").checks())
                        .isEqualTo(Map.of("broker", "UP", "database", "DOWN", "endpoint", "UP")));
                Health ready = Health.of(uri(others), "ready");
                assertThat(ready.isUp()).isFalse();
                assertThat(ready.what().get("database")).contains("QUARKUS_DATASOURCE_REACTIVE_URL")
                        .doesNotContain("localhost");
                assertThat(Health.of(uri(others), "live").isUp()).isTrue();
                assertThat(Health.of(uri(ingress), "ready").isUp()).isTrue();

                await().atMost(TIMEOUT).until(() -> oldestPending(others) > MAX_AGE.toSeconds() + 1);
                await().atMost(TIMEOUT).untilAsserted(() -> { // each is sampled separately, in turns
                    assertThat(PrometheusText.of(uri(others)).value("polar_outbox_pending")).isNaN();
                    assertThat(PrometheusText.of(uri(others)).values("polar_parked_events", "reason").values())
                            .allMatch(count -> count.isNaN());
                });
            } finally {
                stack.postgres().resume();
            }
            await().atMost(TIMEOUT).until(() -> Health.of(uri(others), "ready").isUp());
            awaitIdle(others);
            assertThat(PrometheusText.of(uri(others)).value("polar_outbox_pending")).isZero();
            assertThat(PrometheusText.of(uri(ingress)).type().keySet())
                    .contains("polar_webhook_received_total")
                    .doesNotContain("polar_partition_lag_seconds", "polar_outbox_pending", "polar_relay_leader");
            assertThat(others.output().lines().filter(line -> line.matches(".*Can(not)? read the .*"))) // two for each
                    .hasSizeLessThanOrEqualTo(2 * 6);
        }
    }

    @Test
    @Order(3)
    void restart_keepsLagAndParkedEvents() {
        Instant before = Instant.now();
        stack.database().execute("INSERT INTO parked (webhook_id, type, reason, detail, received_at, origin, body) "
                + "VALUES ('p', 'order.paid', 'failed', 'for a test', now(), 'webhook', '')");
        stack.database().execute("ALTER TABLE inbox RENAME TO hidden"); // hangs, also after restarts
        try {
            deliver("hangs");
            for (int run = 0; run < 2; run++) {
                try (PackagedService service = PackagedService.start(environment("projection"))) {
                    await().atMost(TIMEOUT).until(() -> oldestPending(service) > 0);
                    double age = oldestPending(service);
                    assertThat(age).isBetween(Duration.between(before, Instant.now()).toMillis() / 1e3 - 10,
                            Duration.between(before, Instant.now()).toMillis() / 1e3);
                    assertThat(PrometheusText.of(uri(service)).value("polar_parked_events", "reason=failed")).isOne();
                }
            }
        } finally {
            stack.database().execute("ALTER TABLE hidden RENAME TO inbox");
        }
        try (PackagedService service = PackagedService.start(environment("projection"))) {
            awaitIdle(service);
        }
    }

    @Test
    @Order(4)
    void replicaWithoutIngress_refusesDeliveriesOfAnySize() {
        try (PackagedService api = PackagedService.start(environment("api"))) {
            for (int bytes : List.of(100, 3 << 20)) {
                HttpResponse<String> response = SignedDelivery.of(new byte[bytes])
                        .send(uri(api).resolve("/api/v1/polar/webhooks"));
                ProblemDocument.assertProblem(response, 404, "role-not-running");
            }
            assertThat(PrometheusText.of(uri(api)).type()).doesNotContainKey("polar_webhook_received_total");
        }
    }

    private static void deliver(String id) {
        try (RawTopicWriter rawTopic = stack.writer()) {
            rawTopic.write(List.of(RawTopicWriter.record(id, """
                    {"type":"order.paid","timestamp":"2026-11-01T00:00:00Z","data":{"id":"o","customer_id":"c"}}"""
                    .getBytes(StandardCharsets.UTF_8))));
        }
    }

    private static void awaitIdle(PackagedService service) {
        await().atMost(TIMEOUT).until(() -> oldestPending(service) == 0 && PrometheusText.of(uri(service))
                .values("polar_partition_lag_seconds", "partition").values().stream().allMatch(lag -> lag == 0));
    }

    private static double oldestPending(PackagedService service) {
        return PrometheusText.of(uri(service)).value("polar_oldest_pending_seconds", "stage=projected");
    }

    private static URI uri(PackagedService service) {
        return URI.create(service.baseUrl());
    }

    private static Map<String, String> environment(String roles) {
        Map<String, String> environment = new HashMap<>(stack.environment());
        environment.put("POLAR_ROLES", roles);
        environment.put("POLAR_METRICS_MAX_AGE", MAX_AGE.toSeconds() + "s");
        return environment;
    }
}
