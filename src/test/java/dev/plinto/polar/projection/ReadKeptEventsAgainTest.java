package dev.plinto.polar.projection;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.plinto.polar.polar.EventReader;
import dev.plinto.polar.polar.PolarObject;
import dev.plinto.polar.polar.Snapshot;
import dev.plinto.polar.sandbox.database.EmbeddedPostgres;
import dev.plinto.polar.sandbox.process.FreePort;
import dev.plinto.polar.telemetry.Trace;
import dev.plinto.polar.testing.Database;
import dev.plinto.polar.testing.Lifecycle;
import dev.plinto.polar.testing.LogLines;
import dev.plinto.polar.testing.StoredState;
import io.vertx.sqlclient.Pool;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// After an upgrade, the rows are those of a projection of the same events that knew from the start what this release
/// knows.
class ReadKeptEventsAgainTest {

    private static final EventReader READER = new EventReader(Optional.empty());
    private static final String UNREAD = "SELECT count(*) FROM inbox WHERE statements IS NULL OR statements < 2";
    private static final String IGNORED = "^(checkout|member|customer_seat)[.]";
    private static final AtomicInteger NUMBER = new AtomicInteger();

    @TempDir
    private static Path directory;

    private static EmbeddedPostgres postgres;

    private final List<AutoCloseable> opened = new ArrayList<>();
    private String name;
    private Database complete;
    private Pool pool;

    @BeforeAll
    static void startPostgres() {
        postgres = EmbeddedPostgres.start(directory.resolve("postgres"), FreePort.any());
    }

    @AfterAll
    static void stopPostgres() {
        postgres.close();
    }

    @BeforeEach
    void migrate() {
        name = "of_test_" + NUMBER.incrementAndGet();
        Database.of(postgres).execute("CREATE DATABASE " + name);
        complete = KeptByTheReleaseBefore.of(postgres, name);
        Flyway.configure().dataSource(complete.jdbcUrl(), complete.user(), complete.password()).load().migrate();
        pool = KeptByTheReleaseBefore.pool(postgres, name);
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable closing : opened) {
            closing.close();
        }
        pool.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void whatTheReleaseBeforeDidNotRead_isFilled() {
        project(pool, Stream.concat(lives(2), ofEachKind()).toList());
        KeptByTheReleaseBefore kept = kept();
        kept.ignore(IGNORED);
        kept.upgrade();
        assertThat(StoredState.of(kept.database)).isNotEqualTo(StoredState.of(complete));

        reading(kept.pool).readAll();

        assertComplete(kept);
        assertThat(kept.database.column("SELECT DISTINCT outcome FROM inbox WHERE type ~ '" + IGNORED + "'"))
                .isSubsetOf("applied", "stale");
        // Nothing of it is told, since nothing that was told has changed.
        assertThat(kept.database.number("SELECT count(*) FROM outbox")).isZero();
        assertThat(kept.database.number("SELECT count(*) FROM payloads"))
                .isEqualTo(complete.number("SELECT count(*) FROM payloads"));
    }

    @Test
    void eventOfATypeThatWasUnknown_isApplied_alsoOneOfOurOwn() {
        ReceivedEvent order = ofEachKind().filter(event -> "order.paid".equals(event.type())).findFirst().orElseThrow();
        Snapshot snapshot = Snapshot.of(new PolarObject(PolarObject.Kind.CUSTOMER, "customer-s", Optional.empty(),
                JsonNodeFactory.instance.objectNode().put("id", "customer-s").put("external_id", "org-s")),
                Instant.parse("2026-11-01T08:00:00Z"));
        project(pool, List.of(order, new ReceivedEvent(snapshot.id(), "customer-s", Clock.systemUTC().instant(),
                "reconcile", snapshot.body(), Snapshot.TYPE,
                READER.readOwn(Snapshot.TYPE, snapshot.id(), snapshot.body()), Trace.NONE)));
        KeptByTheReleaseBefore kept = kept();
        kept.database.execute("DELETE FROM orders");
        kept.database.execute("DELETE FROM customers");
        kept.database.execute("UPDATE inbox SET outcome = 'unknown_type', moment = NULL, type = CASE WHEN own_type IS "
                + "NULL THEN type ELSE type || ':customer' END");
        kept.upgrade();

        reading(kept.pool).readAll();

        assertComplete(kept);
        assertThat(kept.database.column("SELECT DISTINCT outcome FROM inbox")).containsExactly("applied");
    }

    /// That replica moves `said_at` and knows no `added_stamps`.
    @Test
    void orderThatAReplicaOfTheReleaseBeforeUpdates_losesNothing() {
        ReceivedEvent created = order("order.created", "2026-11-01T08:00:00Z", "pending", "null");
        ReceivedEvent paid = order("order.paid", "2026-11-01T09:00:00Z", "paid", "\"INV-1\"");
        project(pool, List.of(created));
        KeptByTheReleaseBefore kept = kept();
        List<String> known = kept.columns("orders");
        kept.upgrade();
        reading(kept.pool).readAll();
        assertComplete(kept);

        project(pool, List.of(paid));
        kept.overwrite("orders", known, paid.webhookId(), null);
        assertThat(kept.database.rows("SELECT status, invoice_number, seats FROM orders"))
                .containsExactly(Arrays.asList("paid", null, "3"));
        reading(kept.pool).readAll();

        assertComplete(kept);
    }

    @Test
    void countryOfCustomers_isFilled_andNothingElseChanges() {
        project(pool, Stream.concat(lives(3), Stream.of(customer("2026-11-01T08:00:00Z", "PE", "org-1"),
                customer("2026-11-01T09:00:00Z", "CU", "org-1"))).toList());
        KeptByTheReleaseBefore kept = kept(KeptByTheReleaseBefore.WITHOUT_COUNTRY);
        kept.upgrade();
        assertThat(StoredState.of(kept.database)).isNotEqualTo(StoredState.of(complete));

        reading(kept.pool).readAll();

        assertComplete(kept);
        assertThat(kept.database.column("SELECT country FROM customers WHERE id = 'customer-1'")).containsExactly("CU");
        assertThat(kept.database.number("SELECT count(*) FROM outbox")).isZero();
    }

    /// That replica has numbered the event as read, since it knows that number.
    @Test
    void customerThatAReplicaOfTheReleaseBeforeUpdates_losesNoCountry() {
        ReceivedEvent created = customer("2026-11-01T08:00:00Z", "PE", "org-1");
        ReceivedEvent moved = customer("2026-11-01T09:00:00Z", "CU", "org-2");
        project(pool, List.of(created));
        KeptByTheReleaseBefore kept = kept(KeptByTheReleaseBefore.WITHOUT_COUNTRY);
        List<String> known = kept.columns("customers");
        kept.upgrade();
        reading(kept.pool).readAll();
        assertComplete(kept);

        project(pool, List.of(moved));
        kept.overwrite("customers", known, moved.webhookId(), 1);
        assertThat(kept.database.rows("SELECT external_id, country FROM customers"))
                .containsExactly(List.of("org-2", "PE"));
        reading(kept.pool).readAll();

        assertComplete(kept);
        assertThat(kept.database.rows("SELECT external_id, country FROM customers"))
                .containsExactly(List.of("org-2", "CU"));
    }

    /// An index scan: without it, each look for such events would read the whole inbox.
    @Test
    void eventsToReadAgain_areFoundByTheirIndex() {
        assertThat(complete.column("SELECT indexdef FROM pg_indexes WHERE indexname = 'inbox_read_before_"
                + EventReader.STATEMENTS + "'")).singleElement().asString()
                .endsWith("WHERE ((statements IS NULL) OR (statements < " + EventReader.STATEMENTS + "))");
    }

    @Test
    void replicaThatEnds_isContinuedByAnother() {
        project(pool, lives(3).toList());
        KeptByTheReleaseBefore kept = kept();
        kept.upgrade();
        RetryUntilDone stopping = new RetryUntilDone();
        stopping.stop(null);

        reading(kept.pool, stopping).readAll();
        long left = kept.database.number(UNREAD);
        reading(kept.pool).readAll();

        assertThat(left).isBetween(1L, kept.database.number("SELECT count(*) FROM inbox") - 1);
        assertComplete(kept);
    }

    @Test
    void twoReplicas_besideTheProjection_endInTheSameRows() {
        List<ReceivedEvent> events = Stream.concat(lives(3), ofEachKind()).toList();
        List<ReceivedEvent> before = events.subList(0, events.size() / 2);
        List<ReceivedEvent> meanwhile = events.subList(events.size() / 2, events.size());
        project(pool, before);
        KeptByTheReleaseBefore kept = kept();
        kept.ignore(IGNORED);
        kept.upgrade();
        project(pool, meanwhile);

        ReadKeptEventsAgain one = reading(kept.pool);
        ReadKeptEventsAgain other = reading(kept.pool);
        CompletableFuture.allOf(
                CompletableFuture.runAsync(one::readAll),
                CompletableFuture.runAsync(other::readAll),
                CompletableFuture.runAsync(() -> project(kept.pool, meanwhile))).join();
        one.readAll();

        assertComplete(kept);
    }

    @Test
    void eventThatCannotBeApplied_isLeftOut_andNotTriedAgain() {
        project(pool, ofEachKind().toList());
        KeptByTheReleaseBefore kept = kept();
        kept.ignore(IGNORED);
        kept.upgrade();
        kept.database.execute("ALTER TABLE checkouts ADD CONSTRAINT poison CHECK (id <> 'checkout-1')");

        try (LogLines log = LogLines.of(ReadKeptEventsAgain.class)) {
            reading(kept.pool).readAll();
            reading(kept.pool).readAll();

            assertThat(log.lines()).filteredOn(line -> line.startsWith("ERROR")).singleElement().asString()
                    .contains("PostgreSQL refused it with SQLSTATE 23514");
        }
        assertThat(kept.database.number(UNREAD)).isZero();
        assertThat(kept.database.number("SELECT count(*) FROM checkouts")).isZero();
        assertThat(kept.database.number("SELECT count(*) FROM parked")).isZero();
        assertThat(StoredState.of(kept.database).get("orders")).isEqualTo(StoredState.of(complete).get("orders"));
        assertThat(StoredState.of(kept.database).get("seats")).isEqualTo(StoredState.of(complete).get("seats"));
    }

    @Test
    void eventWithoutABody_orDiscarded_orParked_isOnlyMarked() {
        project(pool, ofEachKind().toList());
        KeptByTheReleaseBefore kept = kept();
        kept.ignore(IGNORED);
        kept.database.execute("DELETE FROM payloads USING inbox WHERE inbox.webhook_id = payloads.webhook_id "
                + "AND type = 'checkout.updated'");
        kept.database.execute("UPDATE inbox SET outcome = 'discarded' WHERE type = 'member.created'");
        kept.database.execute("UPDATE inbox SET outcome = 'unknown_type' WHERE type = 'customer_seat.claimed'");
        kept.database.execute("INSERT INTO parked (webhook_id, type, reason, detail, received_at, origin, body) "
                + "SELECT webhook_id, type, 'failed', 'a defect', received_at, origin, '' FROM inbox "
                + "WHERE type = 'customer_seat.claimed'");
        kept.upgrade();

        reading(kept.pool).readAll();

        assertThat(kept.database.number(UNREAD)).isZero();
        assertThat(kept.database.rows("SELECT type, outcome FROM inbox WHERE type ~ '" + IGNORED + "' ORDER BY type"))
                .containsExactly(List.of("checkout.updated", "ignored"), List.of("customer_seat.claimed",
                        "unknown_type"), List.of("member.created", "discarded"));
        assertThat(kept.database.number("SELECT (SELECT count(*) FROM checkouts) + (SELECT count(*) FROM seats) + "
                + "(SELECT count(*) FROM members)")).isZero();
        assertThat(kept.database.number("SELECT count(*) FROM parked")).isOne();
    }

    private void assertComplete(KeptByTheReleaseBefore kept) {
        assertThat(kept.database.number(UNREAD)).isZero();
        assertThat(StoredState.of(kept.database)).isEqualTo(StoredState.of(complete));
    }

    private KeptByTheReleaseBefore kept() {
        return kept(KeptByTheReleaseBefore.WITHOUT_READ_MODELS);
    }

    private KeptByTheReleaseBefore kept(String version) {
        KeptByTheReleaseBefore kept = new KeptByTheReleaseBefore(postgres, name + "_before", complete, version);
        opened.add(kept);
        return kept;
    }

    private static ReadKeptEventsAgain reading(Pool pool) {
        return reading(pool, new RetryUntilDone());
    }

    private static ReadKeptEventsAgain reading(Pool pool, RetryUntilDone retry) {
        return new ReadKeptEventsAgain(new Transactions(pool), retry, new Partitions(pool), Clock.systemUTC(), READER,
                Nobody.ERASED,
                null);
    }

    /// Retried as the service does it.
    private static void project(Pool pool, List<ReceivedEvent> events) {
        new Partitions(pool).createAhead(Clock.systemUTC().instant());
        for (int from = 0; from < events.size(); from += 50) {
            List<ReceivedEvent> batch = events.subList(from, Math.min(from + 50, events.size()));
            new RetryUntilDone().untilDone("Projection", 0, () -> new Transactions(pool)
                    .inOne(transaction -> new Projection(transaction, Nobody.ERASED, Clock.systemUTC().instant(),
                            WholeBatch.BOUNDS)
                            .project(batch)));
        }
    }

    private static Stream<ReceivedEvent> lives(int number) {
        return IntStream.range(0, number).boxed().flatMap(life -> Lifecycle
                .of(IntStream.range(0, 40).mapToObj(n -> life * 131 + n * 17).toList(), "life-" + life + "-")
                .events().stream())
                .map(event -> delivered(event.webhookId(), event.body()));
    }

    private static Stream<ReceivedEvent> ofEachKind() {
        return Stream.of(
                order("order.paid", "2026-11-01T09:00:00Z", "paid", "\"INV-1\""),
                event("product.updated", "2026-11-01T09:00:01Z", """
                        {"id": "product-1", "name": "Team", "description": "d", "is_archived": false,
                         "recurring_interval": "month", "prices": [{"id": "price-1", "price_amount": 900}],
                         "benefits": [{"id": "benefit-1", "type": "custom", "description": "b",
                                       "modified_at": "2026-10-01T08:00:00Z"}]}
                        """),
                event("checkout.updated", "2026-11-01T09:00:02Z", """
                        {"id": "checkout-1", "status": "confirmed", "customer_id": "customer-1", "seats": 3,
                         "product_id": "product-1", "total_amount": 2700, "metadata": {}}
                        """),
                event("member.created", "2026-11-01T09:00:03Z", """
                        {"id": "member-1", "customer_id": "customer-1", "external_id": "usr-1", "role": "member"}
                        """),
                event("customer_seat.claimed", "2026-11-01T09:00:04Z", """
                        {"id": "seat-1", "order_id": "order-1", "status": "claimed", "customer_id": "customer-1",
                         "claimed_at": "2026-11-01T09:00:03Z"}
                        """),
                event("customer.state_changed", "2026-11-01T09:00:05Z", """
                        {"id": "customer-1", "external_id": "org-1", "active_subscriptions": [], "granted_benefits": [],
                         "active_meters": [{"id": "customer-meter-1", "meter_id": "meter-1", "consumed_units": 1.5,
                                            "credited_units": 10, "balance": 8.5,
                                            "created_at": "2026-11-01T08:00:00Z",
                                            "modified_at": "2026-11-01T09:00:00Z"}]}
                        """));
    }

    private static ReceivedEvent order(String type, String timestamp, String status, String invoice) {
        return event(type, timestamp, """
                {"id": "order-1", "customer_id": "customer-1", "subscription_id": null, "product_id": "product-1",
                 "status": "%s", "billing_reason": "purchase", "total_amount": 2700, "refunded_amount": 0,
                 "currency": "eur", "created_at": "2026-11-01T08:00:00Z", "checkout_id": "checkout-1",
                 "invoice_number": %s, "seats": 3, "metadata": {}}
                """.formatted(status, invoice));
    }

    private static ReceivedEvent customer(String timestamp, String country, String organization) {
        return event("customer.updated", timestamp, """
                {"id": "customer-1", "external_id": "%s", "deleted_at": null, "billing_address": {"country": "%s"}}
                """.formatted(organization, country));
    }

    private static ReceivedEvent event(String type, String timestamp, String data) {
        byte[] body = """
                {"type": "%s", "timestamp": "%s", "data": %s}
                """.formatted(type, timestamp, data).getBytes(StandardCharsets.UTF_8);
        return delivered(type + " " + timestamp, body);
    }

    private static ReceivedEvent delivered(String webhookId, byte[] body) {
        return new ReceivedEvent(webhookId, null, Clock.systemUTC().instant(), "webhook", body, null,
                READER.read(webhookId, body), Trace.NONE);
    }
}
