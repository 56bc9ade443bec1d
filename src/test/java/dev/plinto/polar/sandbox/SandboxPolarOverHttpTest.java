package dev.plinto.polar.sandbox;

import static dev.plinto.polar.testing.ProblemDocument.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plinto.polar.polar.EventType;
import dev.plinto.polar.sandbox.polar.Chaos;
import dev.plinto.polar.testing.OwnThreads;
import dev.plinto.polar.testing.SandboxStack;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The sandbox's fault injection and Polar API, over HTTP.
@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
class SandboxPolarOverHttpTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP = OwnThreads.httpClient();

    @TestHTTPResource("/")
    URI service;

    private final String organization = "org-" + UUID.randomUUID();

    @AfterEach
    void clearFaults() {
        send("DELETE", "/sandbox/polar/faults", "");
    }

    @Test
    void everyType_isDeliveredAndAccepted() {
        for (EventType type : EventType.values()) {
            JsonNode played = trigger(type.wireName() + "?organization_id=" + organization);

            assertThat(types(played)).contains(type.wireName());
            assertThat(statuses(played)).containsOnly("202");
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyChaos_changesTheDeliveries(Chaos chaos) {
        JsonNode played = trigger("member.created?organization_id=" + organization + "&chaos=" + chaos.wireName());

        List<String> ids = played.get("deliveries").findValuesAsText("webhook_id");
        List<String> all = List.of("member.created", "customer.created", "customer.state_changed", "member.created");
        switch (chaos) {
            case DUPLICATE -> {
                assertThat(new LinkedHashSet<>(ids)).hasSize(4);
                assertThat(statuses(played)).isEqualTo(times(8, "202"));
            }
            case REORDER -> assertThat(types(played)).isEqualTo(all.reversed());
            case DROP -> {
                assertThat(statuses(played)).containsExactly("202", "null", "202", "null");
                assertThat(api("/webhooks/deliveries?succeeded=false&query=" + ids.get(1)).get("items")).hasSize(1);
            }
            case STALE_RETRY -> {
                assertThat(types(played)).containsExactly(
                        all.get(0), all.get(1), all.get(2), all.get(3), all.get(1), all.get(3));
                assertThat(statuses(played)).containsExactly("202", "null", "202", "null", "202", "202");
            }
            case LOST_ACKNOWLEDGEMENT ->
                assertThat(statuses(played)).containsExactly(
                        "null", "null", "null", "null", "202", "202", "202", "202");
            case TIE -> assertThat(timestamps(ids)).hasSize(1);
            case WRONG_KEY -> {
                assertThat(statuses(played)).isEqualTo(times(4, "401"));
                await().atMost(Duration.ofSeconds(20)).until(() -> ids.stream().allMatch(
                        id -> api("/webhooks/deliveries?query=" + id).at("/items/0/succeeded").asBoolean()));
            }
            case UNKNOWN_TYPE -> assertThat(types(played)).hasSize(5).endsWith("wallet.topped_up");
            case FUTURE_FIELD -> assertThat(payload(ids.getFirst())).contains("\"carbon\"");
            case ENDPOINT_OFF -> {
                assertThat(ids).isEmpty();
                assertThat(api("/webhooks/endpoints").at("/items/0/enabled").asBoolean()).isTrue();
            }
        }
    }

    @Test
    void chaosAlone_playsAPurchase_andAnUnknownOne_listsTheKnownOnes() {
        assertThat(types(trigger("tie?organization_id=" + organization))).contains("subscription.created");

        HttpResponse<String> answer = send("POST", "/sandbox/polar/trigger/purchase?chaos=fire", "");
        assertProblem(answer, 404, "unknown-scenario");
        assertThat(answer.body()).contains(Arrays.stream(Chaos.values()).map(Chaos::wireName).toList());
    }

    @Test
    void api_listsTheSubscription_andSwitchesTheEndpointOff() {
        JsonNode played = trigger("purchase?organization_id=" + organization);

        assertThat(api("/subscriptions/?external_customer_id=" + organization).at("/items/0/id"))
                .isEqualTo(played.get("subscription_id"));
        String path = "/webhooks/endpoints/" + api("/webhooks/endpoints").at("/items/0/id").asText();
        assertThat(json(polar("PATCH", path, "{\"enabled\":false}")).get("enabled").asBoolean()).isFalse();
        try {
            assertThat(trigger("renewal?organization_id=" + organization).get("deliveries")).isEmpty();
        } finally {
            polar("PATCH", path, "{\"enabled\":true}");
        }
        assertThat(polar("GET", "/subscriptions", "").statusCode()).isEqualTo(307);
    }

    @Test
    void redelivery_isMade() {
        JsonNode played = trigger("member.created?organization_id=" + organization);
        String id = played.at("/deliveries/0/webhook_id").asText();

        assertThat(polar("POST", "/webhooks/events/" + id + "/redeliver", "").statusCode()).isEqualTo(202);

        await().atMost(Duration.ofSeconds(10))
                .until(() -> api("/webhooks/deliveries?query=" + id).get("items").size() == 2);
    }

    @Test
    void invitation_isReadWhereItsEmailWouldBe_andClaimedWithoutAToken() {
        trigger("customer_seat.assigned?organization_id=" + organization);
        JsonNode seat = api("/customer-seats?subscription_id=" + json(polar("GET",
                "/subscriptions/?external_customer_id=" + organization, "")).at("/items/0/id").asText()).at("/seats/0");
        String invitation = "/sandbox/polar/invitations/" + seat.get("id").asText();

        String token = json(send("GET", invitation, "")).get("invitation_token").asText();
        HttpResponse<String> claimed = send(
                "POST", "/sandbox/polar/v1/customer-seats/claim", "{\"invitation_token\":\"" + token + "\"}");

        assertThat(claimed.statusCode()).isEqualTo(200);
        assertProblem(send("GET", invitation, ""), 404, "unknown-invitation");
    }

    @Test
    void faults_happenAsRequested() {
        send("POST", "/sandbox/polar/faults/api/too-many-requests?on=/customers/&seconds=9", "");
        assertThat(send("GET", "/sandbox/polar/faults", "").body()).contains("TooManyRequests", "/customers/");
        HttpResponse<String> refused = polar("GET", "/customers/", "");
        assertThat(refused.statusCode()).isEqualTo(429);
        assertThat(refused.headers().firstValue("retry-after")).hasValue("9");
        assertThat(polar("GET", "/customers/", "").statusCode()).isEqualTo(200);

        send("POST", "/sandbox/polar/faults/deliveries/duplicate?on=member.", "");
        JsonNode played = trigger("member.created?organization_id=" + organization);
        assertThat(statuses(played)).isEqualTo(times(4, "202"));
        assertThat(send("GET", "/sandbox/polar/faults", "").body()).isEqualTo("[]");
        send("POST", "/sandbox/polar/faults/business/card-declined?on=0000", "");
        assertThat(send("GET", "/sandbox/polar/faults", "").body()).contains("business", "CARD_DECLINED", "\"0000\"");
        send("DELETE", "/sandbox/polar/faults", "");
        assertThat(send("GET", "/sandbox/polar/faults", "").body()).isEqualTo("[]");
        assertProblem(send("POST", "/sandbox/polar/faults/business/flood", ""), 404, "unknown-fault");
        assertProblem(send("POST", "/sandbox/polar/faults/deliveries/flood", ""), 404, "unknown-fault");
        assertProblem(send("POST", "/sandbox/polar/faults/api/slow?times=0", ""), 400, "invalid-request");
    }

    private LinkedHashSet<String> timestamps(List<String> ids) {
        LinkedHashSet<String> timestamps = new LinkedHashSet<>();
        ids.forEach(id -> timestamps.add(payload(id).replaceFirst(".*\"timestamp\":\"([^\"]*)\".*", "$1")));
        return timestamps;
    }

    private String payload(String webhookId) {
        return api("/webhooks/deliveries?query=" + webhookId).at("/items/0/webhook_event/payload").asText();
    }

    private static List<String> times(int number, String status) {
        return Collections.nCopies(number, status);
    }

    private static List<String> types(JsonNode played) {
        return played.get("deliveries").findValuesAsText("type");
    }

    private static List<String> statuses(JsonNode played) {
        List<String> statuses = new ArrayList<>();
        played.get("deliveries").forEach(delivery -> statuses.add(delivery.get("status").asText()));
        return statuses;
    }

    private JsonNode trigger(String path) {
        return json(send("POST", "/sandbox/polar/trigger/" + path, ""));
    }

    private JsonNode api(String path) {
        return json(polar("GET", path, ""));
    }

    private static JsonNode json(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        try {
            return JSON.readTree(answer.body());
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }

    private HttpResponse<String> polar(String method, String path, String body) {
        return send(method, "/sandbox/polar/v1" + path, body);
    }

    private HttpResponse<String> send(String method, String path, String body) {
        HttpRequest request = HttpRequest.newBuilder(service.resolve(path))
                .header("authorization", "Bearer polar_oat_sandbox")
                .timeout(Duration.ofSeconds(30))
                .method(method, BodyPublishers.ofString(body))
                .build();
        return HTTP.sendAsync(request, BodyHandlers.ofString()).join();
    }
}
