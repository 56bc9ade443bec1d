package dev.plinto.polar.sandbox.polar.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plinto.polar.sandbox.polar.SimulatedPolar;
import dev.plinto.polar.sandbox.polar.Webhooks;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What a client of Polar's API sees, through HTTP.
class PolarServerTest {

    private static final String SECRET = "whsec_cHJvYmUtcHJvYmUtcHJvYmUtcHJvYmUtcHJvYmUtcHI=";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final SimulatedPolar polar =
            new SimulatedPolar(InstantSource.fixed(Instant.parse("2026-11-03T08:00:00Z")), new Random(11));
    private final UUID customer = polar.customers().create("org-1");
    private final PolarServer server = PolarServer.start(polar);

    @AfterEach
    void stop() {
        server.close();
    }

    @AfterAll
    static void disconnect() {
        HTTP.close();
    }

    @Test
    void pages_togetherHaveEverything_once() {
        for (int i = 0; i < 24; i++) {
            polar.grants().give(customer, polar.catalogue().addBenefit("Benefit " + i, null));
        }
        List<String> seen = new ArrayList<>();
        for (int page = 1; page <= 3; page++) {
            JsonNode body = json(get("/benefit-grants/?sorting=created_at&limit=10&page=" + page));
            assertThat(body.get("pagination").toString()).isEqualTo("{\"total_count\":24,\"max_page\":3}");
            body.get("items").forEach(item -> seen.add(item.get("id").asText()));
        }
        List<String> live = polar.grants().live(customer).stream().map(UUID::toString).toList();
        assertThat(seen).containsExactlyElementsOf(live);
        assertThat(json(get("/benefit-grants/?page=4")).get("items")).isEmpty();
        assertThat(json(get("/benefit-grants/?limit=1000")).at("/pagination/max_page").asInt()).isEqualTo(1);
        assertThat(json(get("/benefit-grants/?limit=1")).at("/items/0/id").asText()).isEqualTo(live.getLast());
    }

    @Test
    void lists_areFiltered() {
        UUID other = polar.customers().create("org-2");
        UUID mine = polar.checkouts().purchase(customer, polar.catalogue().pro(), Map.of());
        UUID theirs = polar.checkouts().purchase(other, polar.catalogue().pro(), Map.of());
        polar.subscriptions().revoke(theirs);

        assertThat(ids("/subscriptions/?customer_id=" + customer)).containsExactly(mine.toString());
        assertThat(ids("/subscriptions/?external_customer_id=org-2")).containsExactly(theirs.toString());
        assertThat(ids("/subscriptions/?status=active&status=canceled")).hasSize(2);
        assertThat(ids("/benefit-grants/?is_granted=true&customer_id=" + other)).isEmpty();
        assertThat(ids("/benefit-grants/?is_granted=false&customer_id=" + other)).hasSize(2);
        assertThat(ids("/customers/?sorting=created_at")).containsExactly(customer.toString(), other.toString());
    }

    @Test
    void subscription_isTheOneThatWebhooksTell() throws IOException {
        UUID pro = polar.catalogue().pro();
        UUID subscription = polar.checkouts().purchase(customer, pro, Map.of("organization_id", "org-1"));
        polar.subscriptions().cancelAtPeriodEnd(subscription);
        byte[] told = polar.takeEvents().stream()
                .filter(event -> event.type().equals("subscription.canceled")).findFirst().orElseThrow().body();

        assertThat(json(get("/subscriptions/" + subscription))).isEqualTo(JSON.readTree(told).get("data"));
        assertThat(json(get("/subscriptions/")).at("/items/0")).isEqualTo(JSON.readTree(told).get("data"));
    }

    @Test
    void deletedCustomer_isNowhere_butItsSubscriptionsAndGrantsAre() {
        UUID subscription = polar.checkouts().purchase(customer, polar.catalogue().pro(), Map.of());
        polar.customers().delete(customer);

        assertThat(get("/customers/" + customer).statusCode()).isEqualTo(404);
        assertThat(ids("/customers/")).isEmpty();
        assertThat(json(get("/subscriptions/" + subscription)).get("status").asText()).isEqualTo("canceled");
        assertThat(ids("/benefit-grants/?is_granted=false")).hasSize(2);
    }

    @Test
    void everyAnswer_isOfPolarsSandbox_ofAVersion_andOfAMoment() {
        HttpResponse<String> answer = get("/customers/");

        assertThat(answer.headers().firstValue("x-polar-sandbox")).hasValue("1");
        assertThat(answer.headers().firstValue("polar-version")).hasValue("2026-10");
        assertThat(answer.headers().firstValue("date")).hasValue("Tue, 03 Nov 2026 08:00:00 GMT");
        assertThat(get("/customers/" + UUID.randomUUID()).headers().firstValue("x-polar-sandbox")).hasValue("1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"2025-01", "yesterday", ""})
    void versionThatIsUnknown_isAPathThatIsNotThere(String version) {
        HttpResponse<String> answer = send(request("/customers/").header("polar-version", version));

        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(answer.body()).isEqualTo("{\"detail\":\"Not Found\"}");
    }

    @Test
    void retiredVersion_isUnknown() {
        assertThat(send(request("/customers/").header("polar-version", "2026-04")).statusCode()).isEqualTo(200);

        server.retire("2026-04");

        assertThat(send(request("/customers/").header("polar-version", "2026-04")).statusCode()).isEqualTo(404);
        assertThat(get("/customers/").statusCode()).isEqualTo(200);
    }

    @Test
    void listWithoutItsSlash_andWebhooksWithOne_areElsewhere() {
        HttpResponse<String> answer = get("/customers?limit=5");

        assertThat(answer.statusCode()).isEqualTo(307);
        assertThat(answer.headers().firstValue("location")).hasValue(server.apiUrl() + "/customers/?limit=5");
        assertThat(get("/webhooks/deliveries/").headers().firstValue("location"))
                .hasValue(server.apiUrl() + "/webhooks/deliveries");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Bearer polar_oat_of_somebody", "polar_oat_sandbox"})
    void whoeverHasNoToken_isToldSo(String authorization) {
        HttpResponse<String> answer = send(HttpRequest.newBuilder(URI.create(server.apiUrl() + "/customers/"))
                .header("authorization", authorization));

        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(json(answer).get("error").asText()).isEqualTo("invalid_token");
    }

    @ParameterizedTest
    @CsvSource({
        "/customers/?limit=0, query, limit, greater_than",
        "/customers/?page=x, query, page, int_parsing",
        "/subscriptions/?sorting=created_at, query, sorting, enum",
        "/benefit-grants/?customer_id=x, query, customer_id, uuid_parsing",
        "/benefit-grants/?is_granted=maybe, query, is_granted, bool_parsing",
        "/webhooks/deliveries?http_code_class=200, query, http_code_class, literal_error",
        "/customers/x, path, id, uuid_parsing"
    })
    void nonsense_isNamed(String path, String where, String field, String rule) {
        HttpResponse<String> answer = get(path);

        assertThat(answer.statusCode()).isEqualTo(422);
        JsonNode detail = json(answer).at("/detail/0");
        assertThat(detail.get("type").asText()).isEqualTo(rule);
        assertThat(detail.get("loc").toString()).isEqualTo("[\"" + where + "\",\"" + field + "\"]");
    }

    @Test
    void whatIsNotThere_isNotFound() {
        HttpResponse<String> single = get("/subscriptions/" + UUID.randomUUID());

        assertThat(single.statusCode()).isEqualTo(404);
        assertThat(json(single).get("error").asText()).isEqualTo("ResourceNotFound");
        assertThat(get("/wallets/").statusCode()).isEqualTo(404);
        assertThat(redeliver(UUID.randomUUID()).statusCode()).isEqualTo(404);
        assertThat(send("DELETE", "/customers/" + customer, "").statusCode()).isEqualTo(405);
    }

    @Test
    void endpoint_isMadeAndChangedAndShownWithItsSecret() {
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
    void deliveries_areTheAttempts_newestFirst_withWhatTheyCarried() {
        UUID endpoint = polar.webhooks().createEndpoint("https://plinto.example/hooks", SECRET);
        polar.takeEvents();
        polar.customers().rename(customer, "Kim");
        List<UUID> events = polar.eventLog().of(endpoint);
        polar.eventLog().attempted(events.getFirst(), 503, "busy", false);
        polar.eventLog().attempted(events.getFirst(), 202, "ok", false);
        polar.eventLog().attempted(events.getLast(), null, "no answer", true);

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
        assertThat(polar.eventLog().parcel(polar.eventLog().of(few).getFirst()).payload())
                .contains("\"api_version\":\"2026-04\"");
        assertThat(polar.eventLog().of(all)).hasSameSizeAs(polar.takeEvents()).doesNotContainAnyElementsOf(
                polar.eventLog().of(few));
        assertThat(Webhooks.ALL_TYPES).hasSize(42);
    }

    private List<String> ids(String path) {
        List<String> ids = new ArrayList<>();
        json(get(path)).get("items").forEach(item -> ids.add(item.get("id").asText()));
        return ids;
    }

    private static List<String> names(JsonNode object) {
        return object.properties().stream().map(Map.Entry::getKey).toList();
    }

    private static JsonNode json(HttpResponse<String> answer) {
        try {
            return JSON.readTree(answer.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private HttpResponse<String> redeliver(UUID event) {
        return send("POST", "/webhooks/events/" + event + "/redeliver", "");
    }

    private HttpResponse<String> get(String path) {
        return send(request(path));
    }

    private HttpResponse<String> send(String method, String path, String body) {
        return send(request(path).method(method, BodyPublishers.ofString(body)));
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(server.apiUrl() + path))
                .header("authorization", "Bearer " + PolarServer.ACCESS_TOKEN);
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) {
        return HTTP.sendAsync(request.build(), BodyHandlers.ofString()).join();
    }
}
