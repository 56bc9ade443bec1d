package dev.plinto.polar.sandbox;

import static dev.plinto.polar.testing.ProblemDocument.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plinto.polar.testing.Database;
import dev.plinto.polar.testing.OwnThreads;
import dev.plinto.polar.testing.SandboxStack;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// The sandbox's clock, over HTTP and through the whole service. It is moved for all that the simulated Polar has, so
/// this Polar has its own state.
@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
@TestProfile(MoveClockTest.OfItsOwn.class)
class MoveClockTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP = OwnThreads.httpClient();
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    @TestHTTPResource("/")
    URI service;

    private final String organization = "org-" + UUID.randomUUID();
    private final Database database = Database.ofSandbox();

    @AfterEach
    void withdrawTheRun() {
        database.execute("UPDATE reconciliation SET wanted_at = NULL");
    }

    @Test
    void trial_isConverted_andRenewed() {
        String subscription = trigger("trial").get("subscription_id").asText();
        awaitStatus("trialing");

        JsonNode converted = move("P15D");

        JsonNode end = happened(converted, subscription);
        assertThat(end.get("type").asText()).isEqualTo("trial-end");
        assertDelivered(converted, "subscription.cycled", "order.paid");
        awaitStatus("active");
        assertThat(stored().get("current_period_start")).isEqualTo(end.get("at"));

        JsonNode renewal = happened(move("P1M"), subscription);

        assertThat(renewal.get("type").asText()).isEqualTo("renewal");
        await().atMost(PATIENCE).until(() -> stored().get("current_period_start").equals(renewal.get("at")));
        assertThat(stored().get("status").asText()).isEqualTo("active");
    }

    @Test
    void nothingIsShown_beforeItsCause() {
        move("P2D");
        Instant bought = Instant.parse(json(send("GET", "/sandbox/clock", "")).get("time").asText());
        trigger("purchase");
        awaitStatus("active");
        await().atMost(PATIENCE).until(() -> read("entitlements").get("entitlements").size() == 2);
        Instant now = Instant.parse(json(send("GET", "/sandbox/clock", "")).get("time").asText());

        List<Instant> shown = Stream.concat(
                read("entitlements").findValuesAsText("granted_at").stream(),
                stored().findValuesAsText("current_period_start").stream()).map(Instant::parse).toList();

        assertThat(shown).hasSize(3)
                .allSatisfy(time -> assertThat(time).isBetween(bought.minusSeconds(1), now.plusSeconds(1)));
    }

    @Test
    void clock_isShown_andIsTheOneOfPolarsApi() {
        move("PT36H");
        trigger("checkout.created");

        JsonNode clock = json(send("GET", "/sandbox/clock", ""));

        Instant time = Instant.parse(clock.get("time").asText());
        Duration offset = Duration.parse(clock.get("offset").asText());
        assertThat(offset).isGreaterThanOrEqualTo(Duration.ofHours(36));
        assertThat(time).isBetween(Instant.now().plus(offset).minusSeconds(60), Instant.now().plus(offset)
                .plusSeconds(60));
        assertThat(Instant.parse(clock.at("/next/at").asText())).isAfter(time);
        ZonedDateTime date = ZonedDateTime.parse(
                send("GET", "/sandbox/polar/v1/customers/", "").headers().firstValue("date").orElseThrow(),
                DateTimeFormatter.RFC_1123_DATE_TIME);
        assertThat(Duration.between(time, date.toInstant())).isBetween(Duration.ofSeconds(-2), Duration.ofSeconds(60));
    }

    @Test
    void whatIsDueSoon_happensByItself() {
        trigger("checkout.created");
        JsonNode clock = json(send("GET", "/sandbox/clock", ""));
        Duration left = Duration.between(Instant.parse(clock.get("time").asText()),
                Instant.parse(clock.at("/next/at").asText()));
        long before = expiredCheckouts();

        move(left.minusSeconds(2).toString());

        await().atMost(PATIENCE).until(() -> expiredCheckouts() == before + 1);
    }

    @Test
    void reconciliation_isRequested_onceItsPeriodHasPassed() {
        move("PT59M");
        assertThat(database.column("SELECT wanted_at FROM reconciliation").getFirst()).isNull();

        move("PT1M");
        assertThat(database.column("SELECT wanted_at FROM reconciliation").getFirst()).isNotNull();
    }

    @Test
    void unreadableMove_isRefused_andMovesNothing() {
        JsonNode before = json(send("GET", "/sandbox/clock", ""));

        assertProblem(send("POST", "/sandbox/clock", "{\"advance\":\"yesterday\"}"), 400, "invalid-request");
        assertProblem(send("POST", "/sandbox/clock", "{\"advance\":\"-P1D\"}"), 400, "invalid-request");
        assertProblem(send("POST", "/sandbox/clock", ""), 400, "invalid-request");
        assertThat(json(send("GET", "/sandbox/clock", "")).get("offset")).isEqualTo(before.get("offset"));
    }

    /// That the service has received: a question to the simulated Polar would wake it.
    private long expiredCheckouts() {
        return database.number("SELECT count(*) FROM inbox WHERE type = 'checkout.expired'");
    }

    private static void assertDelivered(JsonNode moved, String... types) {
        assertThat(moved.get("deliveries").findValuesAsText("type")).contains(types);
        assertThat(moved.get("deliveries").findValuesAsText("status")).containsOnly("202");
    }

    private static JsonNode happened(JsonNode moved, String id) {
        List<JsonNode> found = moved.get("happened").valueStream()
                .filter(work -> work.get("id").asText().equals(id)).toList();
        assertThat(found).as(moved.toString()).hasSize(1);
        return found.getFirst();
    }

    private JsonNode move(String by) {
        return json(send("POST", "/sandbox/clock", "{\"advance\":\"" + by + "\"}"));
    }

    private JsonNode trigger(String scenario) {
        return json(send("POST", "/sandbox/polar/trigger/" + scenario + "?organization_id=" + organization, ""));
    }

    private void awaitStatus(String status) {
        await().atMost(PATIENCE).until(() -> stored().path("status").asText().equals(status));
    }

    private JsonNode stored() {
        return read("subscriptions").at("/items/0");
    }

    /// As the service's own API answers.
    private JsonNode read(String what) {
        String token = json(send("POST", "/sandbox/plinto/token", "{\"organization_id\":\"" + organization + "\"}"))
                .get("access_token").asText();
        return json(send(HttpRequest.newBuilder(
                service.resolve("/api/v1/polar/" + what + "?organization_id=" + organization))
                .header("authorization", "Bearer " + token).build()));
    }

    private static JsonNode json(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        try {
            return JSON.readTree(answer.body());
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }

    private HttpResponse<String> send(String method, String path, String body) {
        return send(HttpRequest.newBuilder(service.resolve(path))
                .header("authorization", "Bearer polar_oat_sandbox")
                .method(method, BodyPublishers.ofString(body))
                .build());
    }

    private static HttpResponse<String> send(HttpRequest request) {
        return HTTP.sendAsync(request, BodyHandlers.ofString()).join();
    }

    public static final class OfItsOwn implements QuarkusTestProfile {

        @Override
        public List<TestResourceEntry> testResources() {
            return List.of(new TestResourceEntry(Settings.class));
        }
    }

    public static final class Settings implements QuarkusTestResourceLifecycleManager {

        @Override
        public Map<String, String> start() {
            try {
                return Map.of("sandbox.directory", Files.createTempDirectory("moved-clock").toString(),
                        "polar.reconcile.period", "1h");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /// After [SandboxStack], to override its settings.
        @Override
        public int order() {
            return 1;
        }

        @Override
        public void stop() {
            // There is nothing to stop.
        }
    }
}
