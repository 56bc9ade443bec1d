package dev.plinto.polar.ingress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.plinto.polar.testing.ReceivedTopic;
import dev.plinto.polar.testing.SandboxStack;
import dev.plinto.polar.testing.SignedDelivery;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
class ReceivePolarWebhookTest {

    private static final Duration PATIENCE = Duration.ofSeconds(15);
    private static final String EVENT = """
            { "type" : "subscription.updated", "timestamp":"2026-11-20T07:00:00.000001Z","data":{"id":"%s",
            "customer_id":"%s", "status":"active", "name":"Zoë 😀\\u0000 \\/" } }
            """;

    @TestHTTPResource("/api/v1/polar/webhooks")
    URI endpoint;

    @Inject
    MeterRegistry metrics;

    @Inject
    Pool database;

    @Test
    void delivery_isPublishedByteForByte_keyedByItsCustomer() {
        Instant before = Instant.now();
        String customer = "cus_" + UUID.randomUUID();
        SignedDelivery delivery = SignedDelivery.of(EVENT.formatted("sub_" + customer, customer))
                .with("webhook-api-version", "2026-10");

        HttpResponse<String> response = delivery.send(endpoint);

        assertThat(response.statusCode()).isEqualTo(202);
        assertThat(response.headers().firstValue("content-type")).hasValue("application/json");
        assertThat(response.body()).isEqualTo(
                "{\"webhook_id\":\"" + delivery.webhookId() + "\",\"status\":\"accepted\"}");
        ConsumerRecord<String, byte[]> record = ReceivedTopic.record(delivery.webhookId());
        assertThat(record.value()).isEqualTo(delivery.body());
        assertThat(record.key()).isEqualTo(customer);
        Map<String, String> headers = ReceivedTopic.headers(record);
        assertThat(Instant.parse(headers.remove("received-at"))).isBetween(before.minusMillis(1), Instant.now());
        assertThat(headers).containsExactlyInAnyOrderEntriesOf(Map.ofEntries(
                Map.entry("ce_specversion", "1.0"),
                Map.entry("ce_id", delivery.webhookId()),
                Map.entry("ce_type", "sh.polar.subscription.updated"),
                Map.entry("ce_time", "2026-11-20T07:00:00.000001Z"),
                Map.entry("ce_source", "https://polar.sh"),
                Map.entry("content-type", "application/json"),
                Map.entry("webhook-timestamp", delivery.header("webhook-timestamp")),
                Map.entry("webhook-signature", delivery.header("webhook-signature")),
                Map.entry("webhook-api-version", "2026-10"),
                Map.entry("origin", "webhook")));
    }

    @Test
    void absentAttribute_hasNoHeader() {
        SignedDelivery delivery = SignedDelivery.of("[]");
        assertThat(delivery.send(endpoint).statusCode()).isEqualTo(202);

        ConsumerRecord<String, byte[]> record = ReceivedTopic.record(delivery.webhookId());

        assertThat(record.key()).isEqualTo(delivery.webhookId());
        assertThat(ReceivedTopic.headers(record))
                .containsEntry("ce_type", "sh.polar.unparseable")
                .doesNotContainKeys("ce_time", "webhook-api-version");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("dev.plinto.polar.testing.OddBodies#thatAreNoEvent")
    void signedBodyThatIsNoEvent_isAccepted_andParked(String name, byte[] body) {
        SignedDelivery delivery = SignedDelivery.of(body);

        assertThat(delivery.send(endpoint).statusCode()).isEqualTo(202);

        Row parked = awaitRow("SELECT type, reason, body FROM parked WHERE webhook_id = $1", delivery.webhookId());
        assertThat(parked.getString("reason")).isEqualTo("not_an_event");
        assertThat(parked.getString("type")).isNull();
        assertThat(parked.getValue("body")).isEqualTo(Buffer.buffer(body));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("dev.plinto.polar.testing.OddBodies#thatAreEvents")
    void oddEventOfAnUnknownType_isAccepted_andKept(String name, byte[] body) {
        SignedDelivery delivery = SignedDelivery.of(body);

        assertThat(delivery.send(endpoint).statusCode()).isEqualTo(202);

        assertThat(inbox(delivery).getString("outcome")).isEqualTo("unknown_type");
        assertThat(awaitRow("SELECT body FROM payloads WHERE webhook_id = $1", delivery.webhookId()).getValue("body"))
                .isEqualTo(Buffer.buffer(body));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            malformed    | {"type":"order.paid","timestamp":"2026-11-20T07:00:00Z","data":{"id":7}}
            malformed    | {"type":"order.paid","data":{"id":"o","customer_id":"c"}}
            malformed    | {"type":"product.updated","timestamp":"yesterday","data":{"id":"p"}}
            malformed    | {"type":"product.updated","timestamp":"2026-11-31T07:00:00Z","data":{"id":"p"}}
            malformed    | {"type":"product.updated","timestamp":"2026-11-20T07:00Z","data":{"id":"p\\u0000"}}
            not_an_event | {"type":"product.updated","timestamp":"2026-11-20T07:00Z","data":{"id":"p","x":01}}
            not_an_event | {"type":"product.updated","timestamp":"2026-11-20T07:00:00Z","data":{"id":"p","id":"q"}}
            """)
    void eventThatCannotBeApplied_isAccepted_andParked(String reason, String body) {
        SignedDelivery delivery = SignedDelivery.of(body);

        assertThat(delivery.send(endpoint).statusCode()).isEqualTo(202);

        assertThat(awaitRow("SELECT reason FROM parked WHERE webhook_id = $1", delivery.webhookId()).getString(0))
                .isEqualTo(reason);
    }

    /// An index of PostgreSQL takes keys of up to some 2,700 bytes.
    @Test
    void idTooLongForAnIndex_isParked_andBlocksNoOtherEvent() {
        String id = Stream.generate(UUID::randomUUID).limit(1_000).map(UUID::toString).collect(Collectors.joining());
        SignedDelivery delivery = SignedDelivery.of(
                "{\"type\":\"product.updated\",\"timestamp\":\"2026-11-20T07:00:00Z\",\"data\":{\"id\":\""
                        + id + "\"}}");
        SignedDelivery next = SignedDelivery.of(EVENT.formatted("sub_" + delivery.webhookId(), "cus_next"));

        assertThat(delivery.send(endpoint).statusCode()).isEqualTo(202);
        assertThat(next.send(endpoint).statusCode()).isEqualTo(202);

        assertThat(inbox(next).getString("outcome")).isEqualTo("applied");
        assertThat(awaitRow("SELECT reason FROM parked WHERE webhook_id = $1", delivery.webhookId()).getString(0))
                .isEqualTo("malformed");
    }

    @Test
    void redelivery_isAccepted_andChangesNothing() {
        String customer = "cus_" + UUID.randomUUID();
        byte[] body = EVENT.formatted("sub_" + customer, customer).getBytes(StandardCharsets.UTF_8);
        double duplicates = projected("duplicate");
        SignedDelivery first = SignedDelivery.of("evt_" + customer, body, Instant.now().minusSeconds(200));
        SignedDelivery again = SignedDelivery.of("evt_" + customer, body, Instant.now());

        assertThat(first.send(endpoint).statusCode()).isEqualTo(202);
        assertThat(inbox(first).getString("outcome")).isEqualTo("applied");
        Long version = version("sub_" + customer);
        assertThat(again.send(endpoint).body()).isEqualTo(
                "{\"webhook_id\":\"evt_" + customer + "\",\"status\":\"accepted\"}");

        await().atMost(PATIENCE).until(() -> projected("duplicate") == duplicates + 1);
        assertThat(awaitRow("SELECT count(*) FROM inbox WHERE webhook_id = $1", first.webhookId()).getLong(0)).isOne();
        assertThat(version("sub_" + customer)).isEqualTo(version);
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x",
            "application/json; charset=utf-16", "not a media type", "application/xml"})
    void anyContentType_isAccepted(String type) {
        SignedDelivery delivery = SignedDelivery.of("{\"type\":\"wallet.topped_up\"}").with("content-type", type);

        assertThat(delivery.send(endpoint).statusCode()).isEqualTo(202);

        assertThat(ReceivedTopic.record(delivery.webhookId()).value()).isEqualTo(delivery.body());
    }

    @Test
    void missingContentType_isAccepted() {
        assertThat(SignedDelivery.of("{\"type\":\"a\"}").without("content-type").send(endpoint).statusCode())
                .isEqualTo(202);
    }

    @Test
    void anyAcceptHeader_isAccepted() {
        assertThat(SignedDelivery.of("{\"type\":\"a\"}").with("accept", "text/html").send(endpoint).statusCode())
                .isEqualTo(202);
    }

    @RepeatedTest(5)
    void senderThatOffersHttp2_isAnswered() {
        try (HttpClient http2 = HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build()) {
            for (int i = 0; i < 3; i++) {
                assertThat(SignedDelivery.of("{\"type\":\"a\"}").send(endpoint, http2).statusCode()).isEqualTo(202);
            }
        }
    }

    /// A sender's id is escaped in the answer.
    @Test
    void longAndOddId_isAcceptedUnchanged() {
        String id = ("\" \\, {é} ; " + UUID.randomUUID()).replace("é", "~") + "x".repeat(200);
        SignedDelivery delivery = SignedDelivery.of(
                id, "{\"type\":\"a\"}".getBytes(StandardCharsets.UTF_8), Instant.now());

        assertThat(delivery.send(endpoint).body()).contains("\\\" \\\\, {~} ; ");
        assertThat(inbox(delivery).getString("outcome")).isEqualTo("unknown_type");
    }

    @Test
    void acceptedDeliveries_areCountedByKnownType() {
        double known = received("subscription.updated");
        double other = received("other");
        double valid = metrics.counter("polar.webhook.signature", "result", "ok", "scheme", "standard").count();
        long answered = metrics.get("polar.webhook.ack").timer().count();

        SignedDelivery.of(EVENT.formatted("sub_counted", "cus_counted")).send(endpoint);
        SignedDelivery.of("{\"type\":\"made.up." + UUID.randomUUID() + "\"}").send(endpoint);

        assertThat(received("subscription.updated")).isEqualTo(known + 1);
        assertThat(received("other")).isEqualTo(other + 1);
        assertThat(metrics.counter("polar.webhook.signature", "result", "ok", "scheme", "standard").count())
                .isEqualTo(valid + 2);
        assertThat(metrics.get("polar.webhook.ack").timer().count()).isEqualTo(answered + 2);
    }

    private double received(String type) {
        return metrics.counter("polar.webhook.received", "type", type, "outcome", "accepted").count();
    }

    private double projected(String outcome) {
        return metrics.counter("polar.events.projected", "outcome", outcome).count();
    }

    private Row inbox(SignedDelivery delivery) {
        return awaitRow("SELECT outcome FROM inbox WHERE webhook_id = $1", delivery.webhookId());
    }

    private Long version(String subscription) {
        return awaitRow("SELECT version FROM subscriptions WHERE id = $1", subscription).getLong(0);
    }

    private Row awaitRow(String sql, String key) {
        return await().atMost(PATIENCE).pollInterval(Duration.ofMillis(20))
                .until(() -> select(sql, key), rows -> rows.size() == 1)
                .iterator().next();
    }

    private RowSet<Row> select(String sql, String key) {
        return database.preparedQuery(sql).execute(Tuple.of(key)).await().atMost(PATIENCE);
    }
}
