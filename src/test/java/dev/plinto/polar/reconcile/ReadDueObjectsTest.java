package dev.plinto.polar.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.plinto.polar.OwnEvent;
import dev.plinto.polar.Topics;
import dev.plinto.polar.conekta.ConektaConfig;
import dev.plinto.polar.conekta.ConektaDialect;
import dev.plinto.polar.ingress.RawEvent;
import dev.plinto.polar.ingress.RawTopic;
import dev.plinto.polar.sandbox.conekta.ConektaEvent;
import dev.plinto.polar.sandbox.conekta.ConektaScenarios;
import dev.plinto.polar.sandbox.conekta.SimulatedConekta;
import dev.plinto.polar.sandbox.conekta.rest.ConektaServer;
import dev.plinto.polar.sandbox.provider.ApiFault;
import dev.plinto.polar.testing.Database;
import dev.plinto.polar.testing.LogLines;
import dev.plinto.polar.testing.ReceivedTopic;
import dev.plinto.polar.testing.SandboxStack;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Objects that must be read at Conekta, from the event that asks for it to the snapshot that is projected.
@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
@TestProfile(ConektaStack.class)
class ReadDueObjectsTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Database database = Database.ofSandbox();
    private final SimulatedConekta simulation = new SimulatedConekta(InstantSource.system(), new Random());
    private ConektaScenarios.Played sale;
    private ConektaServer server;

    @Inject
    ConektaConfig config;

    @Inject
    ConektaDialect dialect;

    @Inject
    RawTopic rawTopic;

    @Inject
    DueReadQueue queue;

    @BeforeEach
    void start() {
        database.execute("TRUNCATE due_reads, period_reads");
        sale = new ConektaScenarios(simulation).mexicoPurchase("org-" + UUID.randomUUID());
        server = ConektaServer.start(simulation, config.api().url().orElseThrow().getPort());
    }

    @AfterEach
    void stop() {
        server.close();
        database.execute("TRUNCATE due_reads, period_reads");
    }

    @Test
    void objectOfATie_isReadAtOnce_andAgainOnceAReadingSpeaksAfterIt() {
        sale.events().forEach(this::deliver); // several of one second

        await().atMost(PATIENCE).untilAsserted(() -> assertThat(requests(subscription())).isEqualTo(1));
        await().atMost(PATIENCE).until(() -> dueAt(subscription()).equals(event("subscription.created").createdAt()
                .plusSeconds(90).toString()));

        backdate(subscription(), Duration.ofMinutes(3));
        await().atMost(PATIENCE).until(() -> isDone(subscription()));

        assertThat(requests(subscription())).isEqualTo(2);
        ConsumerRecord<String, byte[]> snapshot = ReceivedTopic.newest(Topics.CONEKTA_RECEIVED, sale.customerId());
        assertThat(ReceivedTopic.headers(snapshot)).containsEntry("origin", "reconcile")
                .containsEntry("ce_type", OwnEvent.SNAPSHOT);
    }

    @Test
    void whatNoEventTold_isAppliedFromTheReading() {
        deliver(event("order.paid"));
        await().atMost(PATIENCE).until(() -> status(sale.orderId()).equals(List.of("paid")));
        simulation.exclusively(() -> simulation.orders().refund(sale.orderId(), 69_000));
        // As if the purchase had been long ago.
        database.execute("UPDATE orders SET said_at = said_at - interval '1 hour' WHERE id = ?", order());
        due("order", order(), Instant.now().minus(Duration.ofHours(1)));

        await().atMost(PATIENCE).until(() -> isDone(order()));
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(database.column(
                "SELECT refunded_amount FROM orders WHERE id = ?", order())).containsExactly("69000"));
    }

    @Test
    void subscription_isReadAfterItsPeriodsEnd_once() {
        database.execute("""
                INSERT INTO subscriptions (id, customer_id, status, current_period_end, said_at, said_by, older)
                VALUES (?, ?, 'active', now() - interval '121 seconds', now() - interval '1 day', 'conekta:e', '{}')
                """, subscription(), prefixed(sale.customerId()));

        await().atMost(PATIENCE).untilAsserted(() -> assertThat(requests(subscription())).isEqualTo(1));
        await().atMost(PATIENCE).until(() -> isDone(subscription()));
        await().during(Duration.ofSeconds(3)).atMost(PATIENCE).until(() -> requests(subscription()) == 1);
        await().atMost(PATIENCE).until(() -> database.number("SELECT count(*) FROM subscriptions WHERE id = ? "
                + "AND current_period_end > now()", subscription()) == 1);
    }

    @Test
    void subscriptionWhosePlanIsMappedNow_isReadAndHasItsProduct() {
        database.execute("""
                INSERT INTO subscriptions (id, customer_id, product_id, status, said_at, said_by, older)
                VALUES (?, ?, 'conekta:pro-monthly', 'active', now() - interval '1 day', 'conekta:e', '{}'),
                       ('conekta:sub_other', ?, 'conekta:other', 'active', now() - interval '1 day', 'conekta:e', '{}')
                """, subscription(), prefixed(sale.customerId()), prefixed(sale.customerId()));

        queue.addMappedPlans(List.of("conekta:pro-monthly"), Instant.now());

        await().atMost(PATIENCE).until(() -> isDone(subscription()));
        assertThat(requests("conekta:sub_other")).isZero();
        await().atMost(PATIENCE).until(() -> database.number("SELECT count(*) FROM subscriptions WHERE id = ? "
                + "AND product_id <> 'conekta:pro-monthly'", subscription()) == 1);
        database.execute("DELETE FROM subscriptions WHERE id = 'conekta:sub_other'");
    }

    @Test
    void subscriptionThatIsGoneAtItsPeriodsEnd_isReadOnce() {
        database.execute("""
                INSERT INTO subscriptions (id, customer_id, status, current_period_end, said_at, said_by, older)
                VALUES ('conekta:sub_gone', 'conekta:cus', 'active', now() - interval '3 minutes',
                        now() - interval '1 day', 'conekta:e', '{}')
                """);

        await().atMost(PATIENCE).untilAsserted(() -> assertThat(requests("conekta:sub_gone")).isEqualTo(1));
        await().during(Duration.ofSeconds(5)).atMost(PATIENCE).until(() -> requests("conekta:sub_gone") == 1);
        database.execute("DELETE FROM subscriptions WHERE id = 'conekta:sub_gone'");
    }

    @Test
    void subscriptionWhosePeriodHasJustEnded_orIsNotLive_isNotRead() {
        database.execute("""
                INSERT INTO subscriptions (id, customer_id, status, current_period_end, said_at, said_by, older)
                VALUES (?, ?, 'active', now() - interval '60 seconds', now() - interval '1 day', 'conekta:e', '{}'),
                       (?, ?, 'paused', now() - interval '1 hour', now() - interval '1 day', 'conekta:e', '{}'),
                       (?, ?, 'canceled', now() - interval '1 hour', now(), 'conekta:e', '{}')
                """, subscription(), prefixed(sale.customerId()), subscription() + "2", prefixed(sale.customerId()),
                subscription() + "3", prefixed(sale.customerId()));

        queue.addEndedPeriods(Instant.now());

        assertThat(database.number("SELECT count(*) FROM due_reads")).isZero();
        assertThat(database.number("SELECT count(*) FROM period_reads")).isZero();
    }

    @Test
    void objectThatIsGone_isReadNoMore_andTheLogSaysSo() {
        try (LogLines log = LogLines.of(ReadDueObjects.class)) {
            due("order", "conekta:ord_gone", Instant.now());

            await().atMost(PATIENCE).until(() -> isDone("conekta:ord_gone"));

            assertThat(log.lines()).anyMatch(line -> line.startsWith("INFO Conekta does not have conekta:ord_gone"));
        }
    }

    @Test
    void failedRead_isTriedAgain_andHoldsUpNoOther() {
        server.faults().next("/orders/" + sale.orderId(), 2, new ApiFault.Broken(500));
        due("order", order(), Instant.now().minus(Duration.ofHours(1)));
        due("subscription", subscription(), Instant.now().minus(Duration.ofHours(1)));

        await().atMost(PATIENCE).until(() -> isDone(subscription()));
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(failures(order())).isEqualTo(1));
        assertThat(queue.waiting(Instant.now())).isEqualTo(1);
        database.execute("UPDATE due_reads SET due_at = now()");
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(failures(order())).isEqualTo(2));
        database.execute("UPDATE due_reads SET due_at = now()");

        await().atMost(PATIENCE).until(() -> isDone(order()));
        assertThat(requests(order())).isEqualTo(1); // the two faults are not among them
    }

    /// As that of a replica that was killed after it read, and before its snapshot was durable.
    @Test
    void readOfAReplicaThatDied_isDoneByAnotherOne_onceItsLeaseHasEnded() {
        database.execute("""
                INSERT INTO due_reads (provider, kind, id, reason, speaks_after, due_at, leased_until)
                VALUES ('conekta', 'order', ?, 'tie', now() - interval '1 hour', now(), now() + interval '1 hour')
                """, order());
        await().during(Duration.ofSeconds(5)).atMost(PATIENCE).until(() -> requests(order()) == 0);

        database.execute("UPDATE due_reads SET leased_until = now()");

        await().atMost(PATIENCE).until(() -> isDone(order()));
        assertThat(requests(order())).isEqualTo(1);
    }

    @Test
    void readThatIsTaken_isLeasedForTwoMinutes() {
        database.execute("""
                INSERT INTO due_reads (provider, kind, id, reason, speaks_after, due_at)
                VALUES ('conekta', 'order', 'conekta:ord_later', 'tie', now(), now() + interval '1 day')
                """);
        Instant tomorrow = Instant.now().plus(Duration.ofDays(2));

        assertThat(queue.take(tomorrow)).isPresent();
        assertThat(queue.take(tomorrow)).as("another replica has it").isEmpty();
        assertThat(database.number("SELECT count(*) FROM due_reads WHERE leased_until BETWEEN "
                + "clock_timestamp() + interval '110 seconds' AND clock_timestamp() + interval '120 seconds'"))
                .isEqualTo(1);
    }

    private ConektaEvent event(String type) {
        return sale.events().stream().filter(event -> event.type().equals(type)).findFirst().orElseThrow();
    }

    private void deliver(ConektaEvent event) {
        rawTopic.publish(new RawEvent(dialect, event.id(), null, null, null, Instant.now(), RawEvent.Origin.WEBHOOK,
                event.body(), dialect.envelope(event.body()), null, null)).await().atMost(PATIENCE);
    }

    private void due(String kind, String id, Instant speaksAfter) {
        database.execute("INSERT INTO due_reads (provider, kind, id, customer_id, reason, speaks_after, due_at) "
                + "VALUES ('conekta', ?, ?, ?, 'tie', ?::timestamptz - interval '10 minutes', now()) "
                + "ON CONFLICT (kind, id) DO UPDATE SET speaks_after = excluded.speaks_after, due_at = now()", kind, id,
                prefixed(sale.customerId()), speaksAfter.toString());
    }

    private void backdate(String id, Duration by) {
        database.execute("UPDATE due_reads SET due_at = now(), speaks_after = speaks_after - ? * interval '1 ms' "
                + "WHERE id = ?", by.toMillis(), id);
    }

    private String dueAt(String id) {
        return String.join("", database.column(
                "SELECT to_char(due_at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"') FROM due_reads "
                        + "WHERE id = ?",
                id));
    }

    private boolean isDone(String id) {
        return database.number("SELECT count(*) FROM due_reads WHERE id = ?", id) == 0;
    }

    private long failures(String id) {
        return database.number("SELECT coalesce(max(failures), 0) FROM due_reads WHERE id = ?", id);
    }

    private List<String> status(String orderId) {
        return database.column("SELECT status FROM orders WHERE id = ?", prefixed(orderId));
    }

    private long requests(String id) {
        return server.requests().stream().filter(request -> request.endsWith("/" + id.substring("conekta:".length())))
                .count();
    }

    private String order() {
        return prefixed(sale.orderId());
    }

    private String subscription() {
        return prefixed(sale.subscriptionId());
    }

    private static String prefixed(String id) {
        return "conekta:" + id;
    }
}
