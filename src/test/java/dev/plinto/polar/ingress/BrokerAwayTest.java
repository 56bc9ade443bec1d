package dev.plinto.polar.ingress;

import static dev.plinto.polar.testing.ProblemDocument.assertProblem;
import static dev.plinto.polar.testing.ReceivedTopic.headers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.plinto.polar.ingress.spool.Spool;
import dev.plinto.polar.ingress.spool.SpoolStore;
import dev.plinto.polar.polar.PolarDialect;
import dev.plinto.polar.testing.Database;
import dev.plinto.polar.testing.OpenApi;
import dev.plinto.polar.testing.ReceivedTopic;
import dev.plinto.polar.testing.SandboxStack;
import dev.plinto.polar.testing.SignedDelivery;
import dev.plinto.polar.testing.SmallSpoolAndTraces;
import dev.plinto.polar.testing.SuspendedBroker;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

/// A broker that keeps its connections and answers nothing. In `OutageIT` broker and database are gone.
@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
@TestProfile(SmallSpoolAndTraces.class)
class BrokerAwayTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String BODY = "{\"type\":\"order.paid\",\"timestamp\":\"2026-11-01T00:00:00Z\","
            + "\"data\":{\"id\":\"ord\",\"customer_id\":\"cus\"}}";

    @TestHTTPResource("/api/v1/polar/webhooks")
    URI endpoint;

    @Inject
    MeterRegistry metrics;

    @Inject
    RawTopic rawTopic;

    @Inject
    PolarDialect polar;

    @Inject
    Spool spool;

    @Inject
    SpoolStore store;

    @Inject
    IngressConfig config;

    private final Database database = Database.ofSandbox();

    private record Answer(HttpResponse<String> response, Duration after) {}

    @Test
    void silentBroker_deliveriesAreSpooledInTime_andPublishedOnceItAnswers() throws Exception {
        SignedDelivery before = delivery(); // warms up, so that nothing runs for the first time
        assertThat(before.send(endpoint).statusCode()).isEqualTo(202);
        ReceivedTopic.record(before.webhookId());
        double spooled = spooled();
        SignedDelivery first = delivery().and("traceparent", TRACE + "-00f067aa0ba902b7-01");
        Instant began = Instant.now();
        Instant answered;

        SuspendedBroker suspended = new SuspendedBroker();
        try (suspended) {
            sendConcurrently(Stream.concat(Stream.of(first), Stream.generate(BrokerAwayTest::delivery).limit(19)))
                    .forEach(answer -> assertAcceptedWithin(Duration.ofSeconds(2), answer));
            answered = Instant.now();
            assertThat(spooled()).isEqualTo(spooled + 20);
            assertThat(pending()).isGreaterThanOrEqualTo(20);

            // By now the circuit breaker is open: one delivery a second still tries the broker.
            long immediate = Stream.generate(BrokerAwayTest::delivery).limit(20).map(this::send)
                    .peek(answer -> assertAcceptedWithin(Duration.ofSeconds(2), answer))
                    .filter(answer -> answer.after().compareTo(config.ingress().publishTimeout().dividedBy(2)) < 0)
                    .count();
            assertThat(immediate).isGreaterThanOrEqualTo(15);
        }

        await().atMost(PATIENCE).until(() -> pending() == 0);
        ConsumerRecord<String, byte[]> record = ReceivedTopic.record(first.webhookId());
        assertThat(record.value()).isEqualTo(first.body());
        assertThat(record.key()).isEqualTo("cus");
        assertThat(headers(record)).containsEntry("origin", "spool").containsEntry("ce_type", "sh.polar.order.paid")
                .containsEntry("webhook-timestamp", first.header("webhook-timestamp"))
                .containsEntry("webhook-signature", first.header("webhook-signature"))
                .containsEntry("webhook-api-version", "2026-10")
                .hasEntrySatisfying("traceparent", trace -> assertThat(trace).startsWith(TRACE).endsWith("-01"));
        assertThat(Instant.parse(headers(record).get("received-at"))).isBetween(began, answered);
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(database.number(
                "SELECT count(*) FROM inbox WHERE webhook_id = ?", first.webhookId())).isOne());

        SignedDelivery later = delivery();
        assertThat(later.send(endpoint).statusCode()).isEqualTo(202);
        assertThat(headers(ReceivedTopic.record(later.webhookId()))).containsEntry("origin", "webhook");
    }

    @Test
    void fullSpool_refusesDeliveries_untilItHasRoom() throws Exception {
        SuspendedBroker suspended = new SuspendedBroker();
        try (suspended) {
            sendConcurrently(Stream.generate(BrokerAwayTest::delivery).limit(SmallSpoolAndTraces.MAX_EVENTS));
            HttpResponse<String> refused = await().atMost(PATIENCE.multipliedBy(3)).pollInterval(Duration.ofMillis(1))
                    .until(() -> delivery().send(endpoint), answer -> answer.statusCode() != 202 && !spool.isReady());

            assertProblem(refused, 503, "not-durable");
            assertThat(new OpenApi().faults("POST /api/v1/polar/webhooks", refused)).isEmpty();
            assertThat(refused.headers().firstValue("retry-after")).hasValue("5");
            assertThat(pending()).isBetween(SmallSpoolAndTraces.MAX_EVENTS, 3 * SmallSpoolAndTraces.MAX_EVENTS);
            assertThat(spool.isReady()).isFalse();
        }
        await().atMost(PATIENCE).until(() -> delivery().send(endpoint).statusCode() == 202 && pending() == 0);
    }

    /// An event that the topic refuses stays for weeks; later ones have much higher ids.
    @Test
    void manySpooled_areCountedCorrectly_besideAnOldRefusedOne() throws Exception {
        SuspendedBroker suspended = new SuspendedBroker();
        try (suspended) {
            database.execute("""
                    INSERT INTO spooled (id, webhook_id, received_at, body) OVERRIDING SYSTEM VALUE
                    SELECT CASE WHEN i = 1 THEN -1000000 ELSE i - 50000 END, 'many-' || i, now(), convert_to(?, 'UTF8')
                    FROM generate_series(1, 10005) i
                    """, BODY);
            try {
                assertThat(store.pending()).isEqualTo(10_005);
            } finally {
                database.execute("DELETE FROM spooled WHERE webhook_id LIKE 'many-%'");
            }
        }
        await().atMost(PATIENCE).until(() -> delivery().send(endpoint).statusCode() == 202 && pending() == 0);
    }

    /// The operator or reconciliation retries a replay or a repair.
    @Test
    void replay_isNotSpooled() throws Exception {
        RawEvent replay = RawEvent.undelivered(polar, "replay-away", BODY.getBytes(StandardCharsets.UTF_8),
                Instant.now(),
                RawEvent.Origin.REPLAY);
        SuspendedBroker suspended = new SuspendedBroker();
        try (suspended) {
            Uni<Throwable> failure = rawTopic.publish(replay).onItem().transform(published -> (Throwable) null)
                    .onFailure().recoverWithItem(why -> why);
            assertThat(failure.await().atMost(Duration.ofSeconds(2))).isInstanceOf(RawTopic.NotDurable.class);
            assertThat(database.number("SELECT count(*) FROM spooled WHERE webhook_id = 'replay-away'")).isZero();
        }
        await().atMost(PATIENCE).until(() -> delivery().send(endpoint).statusCode() == 202 && pending() == 0);
    }

    private static SignedDelivery delivery() {
        return SignedDelivery.of(BODY).and("webhook-api-version", "2026-10");
    }

    private List<Answer> sendConcurrently(Stream<SignedDelivery> deliveries) {
        List<CompletableFuture<Answer>> answers = deliveries
                .map(delivery -> CompletableFuture.supplyAsync(() -> send(delivery),
                        task -> Thread.ofVirtual().start(task)))
                .toList();
        return answers.stream().map(CompletableFuture::join).toList();
    }

    private Answer send(SignedDelivery delivery) {
        Instant start = Instant.now();
        HttpResponse<String> response = delivery.send(endpoint);
        return new Answer(response, Duration.between(start, Instant.now()));
    }

    private static void assertAcceptedWithin(Duration time, Answer answer) {
        assertThat(answer.response().statusCode()).isEqualTo(202);
        assertThat(answer.response().body()).contains("\"status\":\"accepted\"");
        assertThat(answer.after()).isLessThan(time);
    }

    private long pending() {
        return database.number("SELECT count(*) FROM spooled");
    }

    private double spooled() {
        return metrics.counter("polar.webhook.received", "type", "order.paid", "outcome", "spooled").count();
    }
}
