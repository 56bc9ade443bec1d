package dev.plinto.polar.artefact;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plinto.polar.polar.EventType;
import dev.plinto.polar.sandbox.polar.EveryEventType;
import dev.plinto.polar.sandbox.polar.WebhookEvent;
import dev.plinto.polar.testing.Database;
import dev.plinto.polar.testing.EndState;
import dev.plinto.polar.testing.JsonLog;
import dev.plinto.polar.testing.OwnStack;
import dev.plinto.polar.testing.PackagedService;
import dev.plinto.polar.testing.SandboxStack;
import dev.plinto.polar.testing.SignedDelivery;
import dev.plinto.polar.testing.TokenIssuer;
import dev.plinto.polar.testing.TopicReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Production's log at level DEBUG, after one of each of Polar's events, refused and parked deliveries, an operator's
/// call, and a Polar that does not answer.
class LogsIT {

    private static final String KEY = SandboxStack.PRODUCTION_SECRET;
    private static final String TOKEN = "polar_oat_must-not-be-logged";
    private static final String PARKED = "evt_parked-" + UUID.randomUUID();
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Set<String> secrets = new TreeSet<>();

    private static List<WebhookEvent> events;
    private static String output;
    private static List<JsonNode> lines;

    @BeforeAll
    static void produceEveryLogLine() throws IOException, InterruptedException {
        events = EveryEventType.events(42);
        try (TokenIssuer plinto = new TokenIssuer()) {
            Map<String, String> environment = SandboxStack.productionEnvironment();
            environment.putAll(plinto.environment());
            environment.putAll(Map.of("QUARKUS_LOG_LEVEL", "DEBUG", "POLAR_ACCESS_TOKEN", TOKEN,
                    "POLAR_RECONCILE_PERIOD", "1h", "JAVA_TOOL_OPTIONS", OwnStack.JAVA_OPTIONS));
            try (PackagedService service = PackagedService.start(environment)) {
                for (WebhookEvent event : events) {
                    deliver(service, event.webhookId(), event.body(), KEY, 202);
                }
                byte[] malformed = """
                        {"type":"customer.created","timestamp":"2026-11-20T07:00:00Z",
                         "data":{"id":["parked@customer.example"],"email":"parked@customer.example",
                         "name":"Pat Parked"}}
                        """.getBytes(StandardCharsets.UTF_8);
                deliver(service, PARKED, malformed, KEY, 202);
                deliver(service, "evt_cut-" + UUID.randomUUID(), Arrays.copyOf(malformed, 120), KEY, 202);
                deliver(service, "evt_bad", malformed, "polar_whs_wrong-secret", 401);
                call(service, "GET", "/api/v1/polar/entitlements?organization_id=org-everything", plinto.service(),
                        200);
                call(service, "POST", "/api/v1/polar/ops/parked/" + PARKED + "/replay", plinto.operator(), 202);
                call(service, "POST", "/api/v1/polar/ops/republish", plinto.operator().replaceFirst("...$", "abc"),
                        401);
                new EndState(Database.ofSandbox(), TopicReader.ofSandbox()).awaitDrained(Duration.ofSeconds(30));
                service.terminate();
                service.exitCode();
                output = service.output();
            }
        }
        lines = JsonLog.lines(output);
    }

    @AfterAll
    static void forget() {
        events = null;
        output = null;
        lines = null;
    }

    @Test
    void noLine_containsPrivateData() throws IOException {
        assertThat(events.stream().map(WebhookEvent::type).collect(Collectors.toSet()))
                .hasSize(EventType.values().length);
        secrets.addAll(Set.of(KEY, TOKEN, "parked@customer.example", "Pat Parked"));
        for (WebhookEvent event : events) {
            collect("", JSON.readTree(event.body()));
        }
        assertThat(secrets).contains("Robin Renamed", "Mika Member", "member@customer.example").hasSizeGreaterThan(20);
        assertThat(secrets.stream().filter(output::contains)).as("private data in the log").isEmpty();
    }

    @Test
    void deliverysLine_hasIdAndAccountAsFields() {
        assertThat(linesWith("webhookId", events.getFirst().webhookId())).isNotEmpty();
        assertThat(linesWith("account", "org-everything"))
                .isNotEmpty().allMatch(line -> !line.at("/mdc/webhookId").isMissingNode());
        assertThat(linesWith("webhookId", PARKED)).anyMatch(line -> line.path("level").asText().equals("WARN")
                && line.path("message").asText().contains("is parked as"));
    }

    /// Production's log must not grow with its deliveries.
    @Test
    void linesOfEachEvent_areLoggedAtDebug() {
        String one = events.getFirst().webhookId();

        assertThat(lines).filteredOn(line -> line.path("message").asText().contains(one))
                .isNotEmpty().allMatch(line -> line.path("level").asText().equals("DEBUG"));
    }

    private static List<JsonNode> linesWith(String field, String value) {
        return lines.stream().filter(line -> line.at("/mdc/" + field).asText().equals(value)).toList();
    }

    /// Collects texts with a space or an @, which no id or keyword of Polar contains, and fields named like a secret.
    private static void collect(String key, JsonNode value) {
        if (value.isTextual()
                && (value.textValue().matches(".*[ @].*") || key.matches(".*(secret|token|ip_address).*"))) {
            secrets.add(value.textValue());
        }
        value.properties().forEach(field -> collect(field.getKey(), field.getValue()));
        if (value.isArray()) {
            value.forEach(item -> collect(key, item));
        }
    }

    private static void deliver(PackagedService service, String webhookId, byte[] body, String key, int status) {
        SignedDelivery delivery = SignedDelivery.of(webhookId, body, Instant.now(),
                key.getBytes(StandardCharsets.UTF_8));
        secrets.add(delivery.header("webhook-signature"));
        assertThat(delivery.send(service.webhooks()).statusCode()).isEqualTo(status);
    }

    private static void call(PackagedService service, String method, String path, String token, int status)
            throws IOException, InterruptedException {
        secrets.add(token);
        try (HttpClient http = HttpClient.newHttpClient()) {
            assertThat(http.send(HttpRequest.newBuilder(URI.create(service.baseUrl() + path))
                    .header("authorization", "Bearer " + token)
                    .method(method, HttpRequest.BodyPublishers.noBody()).build(),
                    HttpResponse.BodyHandlers.ofString()).statusCode()).isEqualTo(status);
        }
    }
}
