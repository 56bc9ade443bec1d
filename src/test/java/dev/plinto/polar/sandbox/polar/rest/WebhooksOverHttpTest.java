package dev.plinto.polar.sandbox.polar.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plinto.polar.sandbox.polar.Webhooks;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.TreeSet;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// Endpoints and the delivery log, through Polar's API.
class WebhooksOverHttpTest extends PolarApiClient {

    @Test
    void endpoint_isCreatedChangedAndReturnedWithItsSecret() {
        HttpResponse<String> made = send("POST", "/webhooks/endpoints",
                "{\"url\":\"https://plinto.example/hooks\",\"format\":\"raw\",\"events\":[\"order.paid\"]}");
        assertThat(made.statusCode()).isEqualTo(201);
        JsonNode endpoint = json(made);
        assertThat(new TreeSet<>(names(endpoint))).containsExactly(
                "api_version", "created_at", "enabled", "events", "format", "id", "modified_at", "name",
                "organization_id", "secret", "url", "uses_standard_webhook_signature");
        assertThat(endpoint.get("secret").asText()).startsWith("whsec_");

        String path = "/webhooks/endpoints/" + endpoint.get("id").asText();
        JsonNode off = json(send("PATCH", path, "{\"enabled\":false,\"url\":null,\"api_version\":\"2027-01\"}"));
        assertThat(off.get("enabled").asBoolean()).isFalse();
        assertThat(off.get("api_version").asText()).isEqualTo("2027-01");
        assertThat(off.get("url").asText()).isEqualTo("https://plinto.example/hooks");
        assertThat(json(get("/webhooks/endpoints")).at("/items/0")).isEqualTo(off).isEqualTo(json(get(path)));
        assertThat(json(send("PATCH", path + "/secret", "")).get("secret")).isNotEqualTo(off.get("secret"));
        assertThat(send("PATCH", path, "{\"events\":[\"order.eaten\"]}").statusCode()).isEqualTo(422);
        assertThat(send("PATCH", path, "{\"url\":\"over there\"}").statusCode()).isEqualTo(422);
        assertThat(send("PATCH", path, "[").statusCode()).isEqualTo(422);
        assertThat(send("DELETE", path, "").statusCode()).isEqualTo(204);
        assertThat(get(path).statusCode()).isEqualTo(404);
    }

    @Test
    void deliveries_listAttempts_newestFirst_withTheirPayloads() {
        UUID endpoint = polar.webhooks().createEndpoint("https://plinto.example/hooks", SECRET);
        polar.takeEvents();
        polar.customers().rename(customer, "Kim");
        List<UUID> events = polar.eventLog().of(endpoint);
        polar.eventLog().recordAttempt(events.getFirst(), 503, "busy", false);
        polar.eventLog().recordAttempt(events.getFirst(), 202, "ok", false);
        polar.eventLog().recordAttempt(events.getLast(), null, "no answer", true);

        JsonNode items = json(get("/webhooks/deliveries?endpoint_id=" + endpoint)).get("items");

        assertThat(items).hasSize(3);
        assertThat(names(items.get(0))).containsExactlyInAnyOrder(
                "id", "created_at", "modified_at", "succeeded", "http_code", "response", "webhook_event");
        JsonNode event = items.at("/2/webhook_event");
        assertThat(names(event)).containsExactlyInAnyOrder(
                "id", "created_at", "modified_at", "last_http_code", "succeeded", "skipped", "api_version", "payload",
                "type", "is_archived");
        assertThat(event.get("payload").asText())
                .isEqualTo(new String(polar.takeEvents().getFirst().body(), StandardCharsets.UTF_8));
        assertThat(ids("/webhooks/deliveries?succeeded=true")).containsExactly(items.at("/1/id").asText());
        assertThat(ids("/webhooks/deliveries?http_code_class=5xx")).containsExactly(items.at("/2/id").asText());
        assertThat(ids("/webhooks/deliveries?query=503")).containsExactly(items.at("/2/id").asText());
        assertThat(ids("/webhooks/deliveries?event_type=customer.state_changed"))
                .containsExactly(items.at("/0/id").asText());
        String first = items.at("/2/created_at").asText();
        assertThat(ids("/webhooks/deliveries?end_timestamp=" + first)).isEmpty();
        assertThat(ids("/webhooks/deliveries?start_timestamp=2026-11-03T07:00:00Z")).hasSize(3);
        assertThat(redeliver(events.getFirst()).statusCode()).isEqualTo(202);
    }

    @Test
    void endpointThatIsOff_orHasNotSelectedTheType_getsNoEvent() {
        UUID off = polar.webhooks().createEndpoint("https://plinto.example/off", SECRET);
        polar.webhooks().setEnabled(off, false);
        UUID few = polar.webhooks().createEndpoint(
                "https://plinto.example/few", SECRET, false, List.of("customer.updated"), "2026-04");
        UUID all = polar.webhooks().createEndpoint("https://plinto.example/all", SECRET);
        polar.takeEvents();

        polar.customers().rename(customer, "Kim");
        polar.subscriptions().migrate(customer, polar.catalogue().pro(), "stripe", "sub_1");

        assertThat(polar.eventLog().of(off)).isEmpty();
        assertThat(polar.eventLog().of(few)).hasSize(1);
        assertThat(polar.eventLog().nextAttempt(polar.eventLog().of(few).getFirst()).payload())
                .contains("\"api_version\":\"2026-04\"");
        assertThat(polar.eventLog().of(all)).hasSameSizeAs(polar.takeEvents()).doesNotContainAnyElementsOf(
                polar.eventLog().of(few));
        assertThat(Webhooks.ALL_TYPES).hasSize(42);
    }
}
