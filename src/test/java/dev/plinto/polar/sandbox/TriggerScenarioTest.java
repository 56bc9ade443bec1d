package dev.plinto.polar.sandbox;

import static dev.plinto.polar.testing.ProblemDocument.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plinto.polar.sandbox.polar.Scenario;
import dev.plinto.polar.testing.Database;
import dev.plinto.polar.testing.OwnThreads;
import dev.plinto.polar.testing.PlintoTokens;
import dev.plinto.polar.testing.SandboxStack;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The sandbox's trigger, token and topic endpoints, over HTTP and through the whole service.
@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
class TriggerScenarioTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP = OwnThreads.httpClient();
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    @TestHTTPResource("/")
    URI service;

    @ParameterizedTest
    @EnumSource(Scenario.class)
    void everyScenario_isDeliveredAndAccepted(Scenario scenario) throws IOException {
        String organization = "org-" + UUID.randomUUID();

        JsonNode played = trigger(scenario.wireName(), organization);

        assertThat(played.properties()).extracting(Map.Entry::getKey).containsExactlyInAnyOrder(
                "scenario", "organization_id", "customer_id", "subscription_id", "deliveries");
        assertThat(played.get("scenario").asText()).isEqualTo(scenario.wireName());
        assertThat(played.get("organization_id").asText()).isEqualTo(organization);
        assertThat(UUID.fromString(played.get("customer_id").asText())).isNotNull();
        assertThat(UUID.fromString(played.get("subscription_id").asText())).isNotNull();
        assertThat(played.get("deliveries")).isNotEmpty().allSatisfy(delivery -> {
            assertThat(delivery.properties()).extracting(Map.Entry::getKey)
                    .containsExactlyInAnyOrder("webhook_id", "type", "status");
            assertThat(delivery.get("status").asInt()).isEqualTo(202);
        });
        boolean access = scenario != Scenario.PAYMENT_FAILED && scenario != Scenario.REVOKED;
        String subscription = played.get("subscription_id").asText();
        awaitSubscription(organization, subscription);
        awaitAccess(organization, access);
    }

    @Test
    void failedPayment_endsAccess_andRecoveryRestoresIt() throws IOException {
        String organization = "org-" + UUID.randomUUID();

        trigger("purchase", organization);
        awaitAccess(organization, true);
        trigger("payment-failed", organization);
        awaitAccess(organization, false);
        trigger("payment-recovered", organization);
        awaitAccess(organization, true);
        trigger("cancel-at-period-end", organization);
        trigger("revoked", organization);
        awaitAccess(organization, false);
    }

    @Test
    void triggerWithoutOrganization_makesANewOne() throws IOException {
        JsonNode played = JSON.readTree(post("/sandbox/polar/trigger/purchase", "").body());

        assertThat(played.get("organization_id").asText()).startsWith("org-");
    }

    @Test
    void unknownScenario_listsTheKnownOnes() {
        HttpResponse<String> answer = post("/sandbox/polar/trigger/bankruptcy?organization_id=org-1", "");

        assertProblem(answer, 404, "unknown-scenario");
        assertThat(answer.body()).contains(Arrays.stream(Scenario.values()).map(Scenario::wireName).toList());
    }

    @Test
    void unknownTopicOrPosition_isRefused() {
        assertProblem(get("/sandbox/topics/secrets"), 404, "unknown-topic");
        assertProblem(get("/sandbox/topics/polar.entitlement.changed?from=yesterday"), 400, "invalid-request");
        assertProblem(post("/sandbox/plinto/token", "[1]"), 400, "invalid-request");
    }

    @Test
    void topic_isStreamedFromItsBeginning_andFromNowOn() throws Exception {
        String before = "org-" + UUID.randomUUID();
        String after = "org-" + UUID.randomUUID();
        trigger("purchase", before);
        awaitAccess(before, true);
        await().atMost(PATIENCE).until(() -> Database.ofSandbox().number("SELECT count(*) FROM outbox") == 0);
        try (BufferedReader all = stream("beginning"); BufferedReader fresh = stream("end")) {
            JsonNode line = awaitLine(all, before);
            assertThat(line.properties()).extracting(Map.Entry::getKey)
                    .containsExactly("partition", "offset", "key", "headers", "value");
            assertThat(line.at("/headers/ce_specversion").asText()).isEqualTo("1.0");
            assertThat(line.at("/value/account").asText()).isEqualTo(before);
            trigger("purchase", after); // not earlier: another partition may be read first
            assertThat(awaitLine(all, after).at("/value/organization_id").asText()).isEqualTo(after);
            assertThat(JSON.readTree(fresh.readLine()).get("key").asText()).as("nothing older").isEqualTo(after);
        }
    }

    private BufferedReader stream(String from) throws Exception {
        HttpResponse<InputStream> answer = HTTP.send(
                HttpRequest.newBuilder(service.resolve("/sandbox/topics/polar.entitlement.changed?from=" + from))
                        .build(),
                HttpResponse.BodyHandlers.ofInputStream());
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("content-type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("application/x-ndjson"));
        return new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8));
    }

    private static JsonNode awaitLine(BufferedReader lines, String key) throws IOException {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            JsonNode record = JSON.readTree(line);
            if (record.get("key").asText().equals(key)) {
                return record;
            }
        }
        throw new AssertionError("the stream ended");
    }

    private void awaitAccess(String organization, boolean access) {
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(50)).until(
                () -> !read("entitlements", organization).get("entitlements").isEmpty() == access
                        && read("entitlements", organization).get("version").asLong() > 0);
    }

    private void awaitSubscription(String organization, String subscription) {
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(50)).until(
                () -> read("subscriptions", organization).at("/items/0/subscription_id").asText().equals(subscription));
    }

    private JsonNode read(String what, String organization) throws JsonProcessingException {
        String token = new PlintoTokens(service).of("org_id", organization);
        HttpResponse<String> answer = send(HttpRequest.newBuilder(
                service.resolve("/api/v1/polar/" + what + "?organization_id=" + organization))
                .header("authorization", "Bearer " + token).build());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return JSON.readTree(answer.body());
    }

    private JsonNode trigger(String scenario, String organization) throws IOException {
        HttpResponse<String> answer = post("/sandbox/polar/trigger/" + scenario + "?organization_id=" + organization,
                "");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return JSON.readTree(answer.body());
    }

    private HttpResponse<String> get(String path) {
        return send(HttpRequest.newBuilder(service.resolve(path)).build());
    }

    private HttpResponse<String> post(String path, String body) {
        return send(HttpRequest.newBuilder(service.resolve(path))
                .POST(HttpRequest.BodyPublishers.ofString(body)).build());
    }

    private static HttpResponse<String> send(HttpRequest request) {
        return HTTP.sendAsync(request, HttpResponse.BodyHandlers.ofString()).join();
    }
}
