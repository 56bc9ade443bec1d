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

/// What the packaged service says of itself, by its roles, while its database is away and after a restart. The tests
/// follow one another on one broker and one database, which is empty at first.
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class HealthIT {

    private static final Duration PATIENCE = Duration.ofSeconds(40);

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
    void replicaThatMayNotMigrate_isStartedWhenAnotherOneHas() {
        Map<String, String> mayNot = environment("api");
        mayNot.put("POLAR_MIGRATE_AT_START", "false");
        try (PackagedService waiting = PackagedService.start(mayNot);
                PackagedService takes = PackagedService.start(environment("ingress"))) { // which never migrates
            for (PackagedService any : List.of(waiting, takes)) {
                Health before = Health.of(uri(any), "started");
                assertThat(before.checks()).isEqualTo(Map.of("schema", "DOWN", "topics", "UP"));
                assertThat(before.what().get("schema")).contains("POLAR_MIGRATE_AT_START");
            }

            PackagedService.start(environment("projection")).close();

            assertThat(Health.of(uri(waiting), "started").isUp()).isTrue();
            assertThat(Health.of(uri(takes), "started").isUp()).isTrue();
        }
    }

    @Test
    @Order(2)
    void databaseThatDoesNotAnswer_makesUnreadyWhoNeedsIt_killsNobody_andWhatComesInIsSeenWaiting() {
        try (PackagedService ingress = PackagedService.start(environment("ingress"));
                PackagedService others = PackagedService.start(environment("projection,relay,api"))) {
            awaitIdle(others);
            stack.postgres().suspend();
            try {
                deliver("while-away");
                await().atMost(PATIENCE).until(() -> !Health.of(uri(others), "ready").isUp());
                Health ready = Health.of(uri(others), "ready");
                assertThat(ready.checks()).isEqualTo(Map.of("broker", "UP", "database", "DOWN", "endpoint", "UP"));
                assertThat(ready.what().get("database")).contains("QUARKUS_DATASOURCE_REACTIVE_URL")
                        .doesNotContain("localhost");
                assertThat(Health.of(uri(others), "live").isUp()).isTrue();
                assertThat(Health.of(uri(ingress), "ready").isUp()).isTrue();

                await().atMost(PATIENCE).until(() -> oldestPending(others) > 5);
                await().atMost(PATIENCE).untilAsserted(() -> { // each is asked for itself, and by turns
                    assertThat(PrometheusText.of(uri(others)).value("polar_outbox_pending")).isNaN();
                    assertThat(PrometheusText.of(uri(others)).values("polar_parked_events", "reason").values())
                            .allMatch(count -> count.isNaN());
                });
            } finally {
                stack.postgres().resume();
            }
            await().atMost(PATIENCE).until(() -> Health.of(uri(others), "ready").isUp());
            awaitIdle(others);
            assertThat(PrometheusText.of(uri(others)).value("polar_outbox_pending")).isZero();
            assertThat(PrometheusText.of(uri(ingress)).type().keySet())
                    .contains("polar_webhook_received_total")
                    .doesNotContain("polar_partition_lag_seconds", "polar_outbox_pending", "polar_relay_leader");
            assertThat(others.output().lines().filter(line -> line.contains("be looked at"))) // an outage of seconds: two of each look
                    .hasSizeLessThanOrEqualTo(2 * 6);
        }
    }

    @Test
    @Order(3)
    void restart_changesNothingOfWhatWaitsOrIsParked() {
        Instant before = Instant.now();
        stack.database().execute("INSERT INTO parked (webhook_id, type, reason, detail, received_at, origin, body) "
                + "VALUES ('p', 'order.paid', 'failed', 'for a test', now(), 'webhook', '')");
        stack.database().execute("ALTER TABLE inbox RENAME TO hidden"); // a projection that hangs, across restarts
        try {
            deliver("hangs");
            for (int run = 0; run < 2; run++) {
                try (PackagedService service = PackagedService.start(environment("projection"))) {
                    await().atMost(PATIENCE).until(() -> oldestPending(service) > 0);
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
    void replicaThatTakesNoDeliveries_saysSo_whateverTheirSize() {
        try (PackagedService api = PackagedService.start(environment("api"))) {
            for (int bytes : List.of(100, 3 << 20)) {
                HttpResponse<String> answer = SignedDelivery.of(new byte[bytes])
                        .send(uri(api).resolve("/api/v1/polar/webhooks"));
                ProblemDocument.assertProblem(answer, 404, "role-not-running");
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
        await().atMost(PATIENCE).until(() -> oldestPending(service) == 0 && PrometheusText.of(uri(service))
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
        environment.put("POLAR_METRICS_PERIOD", "500ms");
        return environment;
    }
}
