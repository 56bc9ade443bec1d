package dev.plinto.polar.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plinto.polar.audit.AuditLog.Entry;
import dev.plinto.polar.testing.OwnThreads;
import dev.plinto.polar.testing.PlintoTokens;
import dev.plinto.polar.testing.SandboxStack;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// Owners and admins read what happened to their organization. (CallsByCallersTest asks who else may.)
@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
class ReadTrailTest {

    private static final HttpClient HTTP = OwnThreads.httpClient();
    private static final ObjectMapper JSON = new ObjectMapper();

    private final String organization = "trail-" + UUID.randomUUID();

    @TestHTTPResource("/")
    URI service;

    @Inject
    AuditLog log;

    @Test
    void trail_joinsWhatPeopleDidAndWhatWebhooksChanged() throws Exception {
        trigger("purchase");
        await().atMost(Duration.ofSeconds(20))
                .until(() -> items("").stream()
                        .anyMatch(item -> item.get("action").textValue().equals("benefit_grant.created")));
        log.record(new Entry(new Actor(Actor.Kind.PERSON, "usr_7", Actor.Way.API, "req-7"), Action.RECONCILE,
                organization, "sub-7", "active", "canceled", "for operators only"), () -> "", done -> "done");
        log.record(new Entry(new Actor(Actor.Kind.PERSON, "usr_8", Actor.Way.API, "req-8"), Action.RECONCILE,
                organization + "-other", "sub-8", null, null, null), () -> "", done -> "done");

        List<JsonNode> items = items("");

        assertThat(items.getFirst()).isEqualTo(JSON.readTree("""
                {"at":%s,"kind":"action","actor_kind":"person","actor":"usr_7","way":"api","request_id":"req-7",
                 "action":"reconcile","target":"sub-7","from":"active","to":"canceled","result":"done"}
                """.formatted(items.getFirst().get("at"))));
        JsonNode granted = items.stream().filter(item -> item.get("action").textValue().equals("benefit_grant.created"))
                .findFirst().orElseThrow();
        assertThat(granted.get("kind").textValue()).isEqualTo("change");
        assertThat(granted.get("from").isNull()).isTrue();
        assertThat(granted.get("to").textValue()).isEqualTo("granted");
        assertThat(granted.get("request_id").textValue()).isNotBlank();
        assertThat(items).extracting(item -> item.get("to").textValue()).contains("active"); // the subscription
        assertThat(items.toString()).doesNotContain("usr_8");
        assertThat(items).extracting(item -> item.get("at").textValue())
                .isSortedAccordingTo((a, b) -> b.compareTo(a));
    }

    @Test
    void pages_haveEachEntryOnce() throws Exception {
        trigger("purchase");
        await().atMost(Duration.ofSeconds(20)).until(() -> items("").size() >= 2);
        for (int i = 0; i < 3; i++) {
            log.record(new Entry(Actor.operator("usr_ops", Actor.Way.API), Action.RECONCILE, organization, "t" + i,
                    null, null, null), () -> "", done -> "done");
        }

        List<JsonNode> one = new ArrayList<>();
        String cursor = "";
        do {
            JsonNode page = page("&limit=2" + cursor);
            page.get("items").forEach(one::add);
            assertThat(page.get("items").size()).isLessThanOrEqualTo(2);
            cursor = page.get("next_cursor").isNull() ? null : "&cursor=" + page.get("next_cursor").textValue();
        } while (cursor != null);

        assertThat(one).isEqualTo(items(""));
    }

    @Test
    void cursorThatIsNone_isRefusedByItsName() throws Exception {
        HttpResponse<String> answer = send("&cursor=x");

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("The query parameter cursor is not a cursor", "the field next_cursor");
    }

    private List<JsonNode> items(String query) throws IOException, InterruptedException {
        List<JsonNode> items = new ArrayList<>();
        page(query).get("items").forEach(items::add);
        return items;
    }

    private JsonNode page(String query) throws IOException, InterruptedException {
        HttpResponse<String> answer = send(query);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return JSON.readTree(answer.body());
    }

    private HttpResponse<String> send(String query) throws IOException, InterruptedException {
        return HTTP.send(HttpRequest.newBuilder(
                service.resolve("/api/v1/polar/audit?organization_id=" + organization + query))
                .header("authorization", "Bearer " + new PlintoTokens(service)
                        .of("org_id", organization, "org_role", "owner"))
                .build(), BodyHandlers.ofString());
    }

    private void trigger(String scenario) throws IOException, InterruptedException {
        assertThat(HTTP.send(HttpRequest.newBuilder(service.resolve(
                "/sandbox/polar/trigger/" + scenario + "?organization_id=" + organization))
                .POST(BodyPublishers.noBody()).build(), BodyHandlers.discarding()).statusCode()).isEqualTo(200);
    }
}
