package dev.plinto.polar.projection;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plinto.polar.polar.EventReader;
import dev.plinto.polar.postgres.StoredJson;
import dev.plinto.polar.projection.RepublishState.Outcome;
import dev.plinto.polar.projection.RepublishState.Versions;
import dev.plinto.polar.sandbox.database.EmbeddedPostgres;
import dev.plinto.polar.sandbox.polar.WebhookEvent;
import dev.plinto.polar.sandbox.process.FreePort;
import dev.plinto.polar.telemetry.Trace;
import dev.plinto.polar.testing.Database;
import dev.plinto.polar.testing.Lifecycle;
import io.vertx.pgclient.PgBuilder;
import io.vertx.sqlclient.Pool;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/// For tests that publish current state again: a database of their own, in which lives of customers are projected.
/// There is no relay, so that what is told stays in the outbox.
abstract class OnStoredLives {

    static final int LIVES = 3;
    static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final EventReader READER = new EventReader(Optional.empty());
    private static final String ALL = "subscriptions, accounts, grants, customers, orders, products, benefits, "
            + "checkouts, members, seats, customer_meters, inbox, payloads, parked, history, benefit_changes, outbox, "
            + "redefined_products";

    private static final Map<String, List<WebhookEvent>> EVENTS = new HashMap<>();

    @TempDir
    private static Path directory;

    private static EmbeddedPostgres postgres;
    static Pool pool;
    static Database database;

    final RepublishState republish = republish(PATIENCE);

    @BeforeAll
    static void start() {
        postgres = EmbeddedPostgres.start(directory.resolve("postgres"), FreePort.any());
        Flyway.configure().dataSource(postgres.jdbcUrl(), EmbeddedPostgres.USER, EmbeddedPostgres.PASSWORD).load()
                .migrate();
        pool = PgBuilder.pool().connectingTo("%s?user=%s&password=%s".formatted(
                postgres.reactiveUrl(), EmbeddedPostgres.USER, EmbeddedPostgres.PASSWORD)).build();
        database = Database.of(postgres);
    }

    @AfterAll
    static void stop() {
        pool.close().toCompletionStage().toCompletableFuture().join();
        postgres.close();
    }

    @BeforeEach
    void live() {
        IntStream.range(0, LIVES).forEach(life -> project(life, 40));
        database.execute("TRUNCATE outbox");
    }

    @AfterEach
    void forget() {
        database.execute("TRUNCATE " + ALL);
    }

    static RepublishState republish(Duration patience) {
        return new RepublishState(pool, new Transactions(pool), new Partitions(pool), Clock.systemUTC(), patience);
    }

    static Outcome all(RepublishState republish, Versions versions) {
        try {
            return republish.all(versions);
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    /// Projects a life; a longer one has the events of the shorter one, and more.
    static void project(int life, int steps) {
        List<ReceivedEvent> events = EVENTS.computeIfAbsent(life + " " + steps, key -> Lifecycle
                .of(IntStream.range(0, steps).mapToObj(n -> life * 131 + n * 17).toList(), "life-" + life + "-")
                .events()).stream()
                .map(event -> new ReceivedEvent(event.webhookId(), null, Clock.systemUTC().instant(), "webhook",
                        event.body(), null, READER.read(event.webhookId(), event.body()), Trace.NONE))
                .toList();
        project(events);
    }

    static void project(List<ReceivedEvent> events) {
        new Partitions(pool).createAhead(Clock.systemUTC().instant());
        new Transactions(pool)
                .inOne(transaction -> new Projection(transaction, Nobody.ERASED, Clock.systemUTC().instant(),
                        WholeBatch.BOUNDS)
                        .project(events));
    }

    static void publishLarge(String account, int characters) {
        database.execute("""
                INSERT INTO accounts (account, version, published) VALUES (?, 1, json_build_object('account', ?::text,
                  'version', 1, 'entitlements', json_build_array(json_build_object('benefit_id', 'b', 'description',
                    repeat('x', ?))), 'cause', json_build_object('event_type', 't', 'webhook_id', 'w', 'timestamp',
                    '2026-10-01T08:00:00Z')))
                """, account, account, characters);
    }

    static String accountWithBenefits() {
        return database.column("SELECT account FROM accounts WHERE json_array_length(published -> 'entitlements') > 1 "
                + "LIMIT 1").getFirst();
    }

    /// What is stored as published, by topic and key.
    static Map<String, JsonNode> stored() {
        return messages("""
                SELECT 'polar.subscription.changed ' || id, published FROM subscriptions WHERE published IS NOT NULL
                UNION ALL SELECT 'polar.entitlement.changed ' || account, published FROM accounts
                WHERE published IS NOT NULL
                """);
    }

    /// The newest message of each topic and key.
    static Map<String, JsonNode> told() {
        return messages("SELECT topic || ' ' || key, convert_from(value, 'UTF8') FROM outbox ORDER BY id");
    }

    private static Map<String, JsonNode> messages(String sql) {
        Map<String, JsonNode> messages = new TreeMap<>();
        database.rows(sql.replace("published FROM", "published::text FROM"))
                .forEach(row -> messages.put(row.get(0), StoredJson.read(row.get(1))));
        return messages;
    }
}
