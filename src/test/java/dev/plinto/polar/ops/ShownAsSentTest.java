package dev.plinto.polar.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.plinto.polar.Topics;
import dev.plinto.polar.testing.AsOperator;
import dev.plinto.polar.testing.PlintoTokens;
import dev.plinto.polar.testing.SandboxStack;
import dev.plinto.polar.testing.SignedDelivery;
import dev.plinto.polar.testing.TopicReader;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// What Polar sent is shown as it was sent, on the topic, to applications, to operators and in the console.
@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
class ShownAsSentTest extends AsOperator {

    private static final String NUMBERS = "{\"credits\":2000.0,\"percent\":1E+2,\"far\":1e400,\"farther\":1e400000,"
            + "\"farthest\":1e99999999999,\"near\":0.1234567890123456789,\"zero\":-0.0,\"many\":"
            + "1234567890".repeat(200) + "}";
    private final String organization = "org-" + UUID.randomUUID();

    @Test
    void numbers_areShownAsTheyWereSent() throws Exception {
        String event = deliverEvent("subscription.created", """
                {"id": "%s", "customer_id": "%s", "status": "active", "metadata": {"organization_id": "%s"},
                 "product_id": "pro", "product": {"id": "pro", "name": "Pro", "metadata": %s}}
                """.formatted(UUID.randomUUID(), UUID.randomUUID(), organization, NUMBERS));
        String shown = "\"product_metadata\":" + NUMBERS;

        assertThat(messages()).contains(shown);
        assertThat(subscriptions()).contains(shown);
        assertThat(operator.get("accounts/" + organization).body()).contains(shown);
        assertThat(operator.get("events/" + event).body()).contains(shown);
        assertThat(visitor.get("/ops/events/" + event).body())
                .contains("2000.0", "1E+2", "1e400,", "1e400000,", "1e99999999999", "0.1234567890123456789", "-0.0");
    }

    @Test
    void unreadableCharacters_areReplaced_andWithholdNothing() throws Exception {
        String event = deliverEvent("benefit_grant.created", """
                {"id": "%s", "customer_id": "%s", "benefit_id": "help", "is_granted": true,
                 "customer": {"id": "any", "external_id": "%3$s", "name": "Ada\\ud83d"},
                 "properties": {"\\udc00": "\\u0000"},
                 "benefit": {"id": "help", "type": "custom", "description": "24\\u0000h \\ud83dhelp",
                             "metadata": {"feature": "help", "\\udc00": "\\ud83d"},
                             "created_at": "1970-01-01T00:00:00Z"}}
                """.formatted(UUID.randomUUID(), customerOf(organization), organization));

        assertThat(messages()).contains("\"description\":\"24\ufffdh \ufffdhelp\"");
        assertThat(operator.get("accounts/" + organization).body()).contains("24\ufffdh \ufffdhelp");
        assertThat(operator.get("events/" + event).statusCode()).isEqualTo(200);
        assertThat(visitor.get("/ops/events/" + event).body()).contains("24\ufffdh \ufffdhelp");
        assertThat(read("entitlements/explain?organization_id=" + organization).body())
                .contains("24\ufffdh \ufffdhelp");
        assertThat(database.column("SELECT convert_from(body, 'UTF8') FROM payloads WHERE webhook_id = ?", event)
                .getFirst()).as("the body that is kept").contains("24\\u0000h \\ud83dhelp");
    }

    @Test
    void unreadableId_isParked_andItsBodyIsShown() throws Exception {
        String event = UUID.randomUUID().toString();
        send(event, "order.paid",
                "{\"id\":\"o\\ud83d\",\"customer_id\":\"c\",\"\\udc00\":\"\\u0000\",\"metadata\":{}}");

        await().atMost(PATIENCE).untilAsserted(() -> assertThat(
                database.column("SELECT detail FROM parked WHERE webhook_id = ?", event))
                .containsExactly("event.data.id is not a text that can be stored"));
        assertThat(operator.get("parked/" + event).body()).contains("\"(masked key 3)\":\"(masked text)\"");
        assertThat(visitor.get("/ops/events/" + event).statusCode()).isEqualTo(200);
        database.execute("DELETE FROM parked WHERE webhook_id = ?", event);
    }

    private String customerOf(String externalId) {
        String customer = UUID.randomUUID().toString();
        deliverEvent("customer.created", "{\"id\":\"%s\",\"external_id\":\"%s\"}".formatted(customer, externalId));
        return customer;
    }

    /// Returns once it is projected.
    private String deliverEvent(String type, String data) {
        String event = UUID.randomUUID().toString();
        send(event, type, data);
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(
                database.column("SELECT outcome FROM inbox WHERE webhook_id = ?", event)).containsExactly("applied"));
        await().atMost(PATIENCE).until(() -> database.number("SELECT count(*) FROM outbox") == 0);
        return event;
    }

    private void send(String event, String type, String data) {
        byte[] body = "{\"type\":\"%s\",\"timestamp\":\"2026-11-20T07:00:00Z\",\"data\":%s}".formatted(type, data)
                .getBytes(StandardCharsets.UTF_8);
        assertThat(SignedDelivery.of(event, body, Instant.now())
                .send(service.resolve("/api/v1/polar/webhooks")).statusCode()).isEqualTo(202);
    }

    private String messages() {
        return TopicReader.ofSandbox().messages(Topics.SUBSCRIPTION_CHANGED, Topics.ENTITLEMENT_CHANGED).stream()
                .map(TopicReader.Message::value).filter(value -> value.contains(organization))
                .collect(Collectors.joining("\n"));
    }

    private String subscriptions() throws IOException, InterruptedException {
        return read("subscriptions?organization_id=" + organization).body();
    }

    private HttpResponse<String> read(String path) throws IOException, InterruptedException {
        String token = new PlintoTokens(service).of("org_id", organization);
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(HttpRequest.newBuilder(service.resolve("/api/v1/polar/" + path))
                    .header("authorization", "Bearer " + token).build(), BodyHandlers.ofString());
        }
    }
}
