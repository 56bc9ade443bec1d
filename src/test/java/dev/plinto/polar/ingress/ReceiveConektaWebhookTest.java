package dev.plinto.polar.ingress;

import static dev.plinto.polar.testing.ProblemDocument.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plinto.polar.Topics;
import dev.plinto.polar.testing.Database;
import dev.plinto.polar.testing.ReceivedTopic;
import dev.plinto.polar.testing.SandboxStack;
import dev.plinto.polar.testing.SignedByConekta;
import dev.plinto.polar.testing.SignedDelivery;
import dev.plinto.polar.testing.SuspendedBroker;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
class ReceiveConektaWebhookTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String MISMATCH = "webhook-signature-mismatch";
    private static final String MALFORMED = "webhook-headers-malformed";
    private static final String ORDER = """
            { "id" : "ord_%s", "object":"order", "payment_status":"paid", "amount":49900, "currency":"MXN",
              "customer_info":{"customer_id":"%s", "name":"Zoë Ñandú 😀 \\/"}, "metadata":{} }""";

    @TestHTTPResource("/")
    URI service;

    @TestHTTPResource("/api/v1/conekta/webhooks")
    URI endpoint;

    private final Database database = Database.ofSandbox();

    @Test
    void purchaseAtTheSimulatedConekta_isPublishedAndKept() throws Exception {
        JsonNode triggered = trigger("mexico-purchase", "conekta-" + UUID.randomUUID());

        assertThat(triggered.at("/subscription_id").asText()).startsWith("sub_");
        assertThat(triggered.at("/deliveries")).isNotEmpty().allSatisfy(delivery -> {
            String id = delivery.get("webhook_id").asText();
            assertThat(delivery.get("status").asInt()).isEqualTo(202);
            ConsumerRecord<String, byte[]> record = ReceivedTopic.withId(Topics.CONEKTA_RECEIVED, id);
            assertThat(ReceivedTopic.headers(record))
                    .containsEntry("ce_type", "com.conekta." + delivery.get("type").asText());
            awaitKept(id);
            assertThat(new ObjectMapper().readTree(record.value()).at("/id").asText()).isEqualTo(id);
        });
    }

    @Test
    void delivery_isPublishedByteForByte_keyedByItsCustomer() {
        Instant before = Instant.now();
        String customer = "cus_" + UUID.randomUUID();
        SignedDelivery delivery = SignedByConekta.event("order.paid", ORDER.formatted(UUID.randomUUID(), customer));

        HttpResponse<String> answer = delivery.send(endpoint);

        assertThat(answer.statusCode()).isEqualTo(202);
        assertThat(answer.body()).isEqualTo("{\"webhook_id\":\"" + delivery.webhookId()
                + "\",\"status\":\"accepted\"}");
        ConsumerRecord<String, byte[]> record = ReceivedTopic.withId(Topics.CONEKTA_RECEIVED, delivery.webhookId());
        assertThat(record.value()).isEqualTo(delivery.body());
        assertThat(record.key()).isEqualTo(customer);
        Map<String, String> headers = ReceivedTopic.headers(record);
        assertThat(Instant.parse(headers.remove("received-at"))).isBetween(before.minusMillis(1), Instant.now());
        assertThat(headers).containsExactlyInAnyOrderEntriesOf(Map.of(
                "ce_specversion", "1.0",
                "ce_id", delivery.webhookId(),
                "ce_type", "com.conekta.order.paid",
                "ce_time", "2026-11-24T06:00:00.000000Z",
                "ce_source", "https://conekta.com",
                "content-type", "application/json",
                "digest", delivery.header("digest"),
                "origin", "webhook"));
        awaitKept(delivery.webhookId());
        assertThat(database.number("SELECT count(*) FROM payloads WHERE webhook_id = ? AND body = ?",
                "conekta:" + delivery.webhookId(), delivery.body())).isOne();
    }

    /// Conekta's bodies tell how often they were attempted, so a repetition has another body.
    @Test
    void repeatedEvent_isOneEvent() {
        SignedDelivery first = SignedByConekta.event("order.paid", ORDER.formatted(UUID.randomUUID(), "cus_1"));
        String again = new String(first.body(), StandardCharsets.UTF_8)
                .replace("\"object\":\"event\"", "\"object\":\"event\",\"webhook_status\":\"failing\"");

        assertThat(first.send(endpoint).statusCode()).isEqualTo(202);
        assertThat(first.send(endpoint).statusCode()).isEqualTo(202);
        assertThat(SignedByConekta.of(first.webhookId(), again).send(endpoint).statusCode()).isEqualTo(202);
        SignedDelivery last = SignedByConekta.event("order.paid", ORDER.formatted(UUID.randomUUID(), "cus_1"));
        assertThat(last.send(endpoint).statusCode()).isEqualTo(202);

        awaitKept(last.webhookId());
        assertThat(database.number("SELECT count(*) FROM inbox WHERE webhook_id LIKE '%' || ?", first.webhookId()))
                .isOne();
        assertThat(database.number("SELECT count(*) FROM conflicts WHERE webhook_id LIKE '%' || ?",
                first.webhookId())).isZero();
    }

    @Test
    void bodyThatIsNoEvent_isAccepted_andParked() {
        SignedDelivery delivery = SignedByConekta.of("none", "[\"" + UUID.randomUUID() + "\"]");

        HttpResponse<String> answer = delivery.send(endpoint);

        assertThat(answer.statusCode()).isEqualTo(202);
        await().atMost(PATIENCE).until(() -> database.number(
                "SELECT count(*) FROM parked WHERE webhook_id LIKE 'conekta:sha256-%' AND body = ?",
                delivery.body()) == 1);
    }

    static Stream<Arguments> manipulations() {
        String id = UUID.randomUUID().toString();
        SignedDelivery right = SignedByConekta.event(id, "order.paid", ORDER.formatted(id, "cus_1"));
        byte[] signature = Base64.getDecoder().decode(right.header("digest"));
        byte[] flipped = signature.clone();
        flipped[0] ^= 1;
        byte[] changed = right.body().clone();
        changed[changed.length / 2] ^= 1;
        String text = new String(right.body(), StandardCharsets.UTF_8);
        return Stream.of(
                refused("a bit of the body", with(right, changed), MISMATCH),
                refused("an empty body", with(right, new byte[0]), MISMATCH),
                refused("the body, written again", with(right, bytes(text.replace(":", ": "))), MISMATCH),
                refused("the signature of another body",
                        right.with("digest", SignedByConekta.event("order.paid", "{}").header("digest")), MISMATCH),
                refused("a bit of the signature", right.with("digest", base64(flipped)), MISMATCH),
                refused("a byte less of the signature", right.with("digest",
                        base64(Arrays.copyOf(signature, signature.length - 1))), MISMATCH),
                refused("the key of somebody else", right.with("digest", signedByAnother(right.body())), MISMATCH),
                refused("no signature", right.without("digest"), MALFORMED),
                refused("two signatures", right.and("digest", right.header("digest")),
                        MALFORMED),
                refused("no base64", right.with("digest", "%%%"), MALFORMED),
                refused("Polar's headers", new SignedDelivery(id, right.body(),
                        SignedDelivery.of(right.body()).headers()), MALFORMED));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("manipulations")
    void manipulatedDelivery_isRefused_andNothingIsKept(String what, SignedDelivery delivery, String problem) {
        assertProblem(delivery.send(endpoint), 401, problem);

        assertThat(database.number("SELECT count(*) FROM inbox WHERE webhook_id LIKE '%' || ?", delivery.webhookId()))
                .isZero();
    }

    @Test
    void conektasDelivery_isNoneOfPolars() {
        SignedDelivery delivery = SignedByConekta.event("order.paid", "{}");

        assertProblem(delivery.send(service.resolve("/api/v1/polar/webhooks")), 401, "webhook-headers-malformed");
    }

    @Test
    void silentBroker_deliveryWaitsInTheSpool_asConektas() throws Exception {
        SignedDelivery delivery = SignedByConekta.event("order.paid", ORDER.formatted(UUID.randomUUID(), "cus_1"));
        SuspendedBroker suspended = new SuspendedBroker();
        try (suspended) {
            assertThat(delivery.send(endpoint).statusCode()).isEqualTo(202);
            assertThat(database.column("SELECT provider FROM spooled WHERE webhook_id = ?", delivery.webhookId()))
                    .containsExactly("conekta");
        }

        ConsumerRecord<String, byte[]> record = ReceivedTopic.withId(Topics.CONEKTA_RECEIVED, delivery.webhookId());
        assertThat(record.value()).isEqualTo(delivery.body());
        assertThat(ReceivedTopic.headers(record)).containsEntry("digest", delivery.header("digest"));
        awaitKept(delivery.webhookId());
    }

    @Test
    void unknownScenario_isRefused_withTheKnownOnes() throws Exception {
        HttpResponse<String> answer = post("/sandbox/conekta/trigger/none");

        assertProblem(answer, 404, "unknown-scenario");
        assertThat(answer.body()).contains("mexico-purchase, oxxo-pending-then-paid, spei-expired, conekta-renewal, "
                + "conekta-payment-failed-then-canceled");
    }

    private JsonNode trigger(String scenario, String organization) throws Exception {
        HttpResponse<String> answer = post("/sandbox/conekta/trigger/" + scenario + "?organization_id="
                + organization);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return new ObjectMapper().readTree(answer.body());
    }

    private HttpResponse<String> post(String path) throws IOException, InterruptedException {
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(HttpRequest.newBuilder(service.resolve(path)).POST(HttpRequest.BodyPublishers.noBody())
                    .build(), HttpResponse.BodyHandlers.ofString());
        }
    }

    private void awaitKept(String id) {
        await().atMost(PATIENCE).until(() -> database.number(
                "SELECT count(*) FROM inbox WHERE webhook_id = ?", "conekta:" + id) == 1);
    }

    private static Arguments refused(String what, SignedDelivery delivery, String problem) {
        return Arguments.of(what, delivery, problem);
    }

    private static SignedDelivery with(SignedDelivery delivery, byte[] body) {
        return new SignedDelivery(delivery.webhookId(), body, delivery.headers());
    }

    private static String signedByAnother(byte[] body) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            KeyPair another = generator.generateKeyPair();
            Signature signature = Signature.getInstance("SHA256withRSA");
            signature.initSign(another.getPrivate());
            signature.update(body);
            return base64(signature.sign());
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }
}
