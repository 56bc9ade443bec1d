package dev.plinto.polar.projection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plinto.polar.Topics;
import dev.plinto.polar.polar.EventReader;
import dev.plinto.polar.postgres.StoredJson;
import dev.plinto.polar.projection.RepublishState.Outcome;
import dev.plinto.polar.projection.RepublishState.Republished;
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
import java.sql.Connection;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// On a database of its own, without a relay: what is told stays in the outbox.
class RepublishStateTest {

    private static final int LIVES = 3;
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final EventReader READER = new EventReader(Optional.empty());
    private static final String ALL = "subscriptions, accounts, grants, customers, orders, products, benefits, inbox, "
            + "payloads, parked, history, benefit_changes, outbox";

    private static final Map<String, List<WebhookEvent>> EVENTS = new HashMap<>();

    @TempDir
    private static Path directory;

    private static EmbeddedPostgres postgres;
    private static Pool pool;
    private static Database database;

    private final RepublishState republish = republish(PATIENCE);

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

    @Test
    void newVersions_tellTheSameState_andHaveNoPartInTheHistory() throws Exception {
        Map<String, JsonNode> before = stored();
        long history = database.number("SELECT count(*) FROM history");
        assertThat(before.values()).anyMatch(message -> message.path("entitlements").isEmpty()
                && message.has("entitlements"));

        Outcome outcome = republish.all(Versions.NEW);

        Map<String, JsonNode> after = stored();
        assertThat(outcome).isEqualTo(new Republished(
                (int) before.keySet().stream().filter(key -> key.startsWith(Topics.SUBSCRIPTION_CHANGED)).count(),
                (int) before.keySet().stream().filter(key -> key.startsWith(Topics.ENTITLEMENT_CHANGED)).count()));
        assertThat(told()).isEqualTo(after);
        assertThat(database.number("SELECT count(*) FROM outbox")).isEqualTo(before.size());
        assertThat(database.number("SELECT count(*) FROM outbox WHERE received_at IS NULL "
                + "AND headers ->> 'ce_sequence' = convert_from(value, 'UTF8')::json ->> 'version'"))
                .isEqualTo(before.size());
        assertThat(after.keySet()).isEqualTo(before.keySet());
        after.forEach((key, message) -> {
            assertThat(message.get("version").longValue()).as(key)
                    .isGreaterThan(before.get(key).get("version").longValue());
            assertThat(state(message)).as(key).isEqualTo(state(before.get(key)));
            assertThat(message.path("granted")).as(key).isEmpty();
            assertThat(message.path("revoked")).as(key).isEmpty();
            assertThat(message.path("previous_status")).as(key).isEqualTo(message.path("status"));
        });
        assertThat(database.number("SELECT count(*) FROM history")).isEqualTo(history);
        assertThat(database.number("SELECT (SELECT count(*) FROM accounts WHERE version <> "
                + "(published ->> 'version')::bigint) + (SELECT count(*) FROM subscriptions WHERE version <> "
                + "(published ->> 'version')::bigint)")).isZero();
    }

    @Test
    void eventsThatFollow_haveVersionsThatGrow() throws Exception {
        republish.all(Versions.NEW);
        IntStream.range(0, LIVES).forEach(life -> project(life, 60));

        Map<String, Long> newest = new TreeMap<>();
        database.rows("SELECT topic || key, convert_from(value, 'UTF8')::json ->> 'version' FROM outbox ORDER BY id")
                .forEach(row -> assertThat(newest.put(row.get(0), Long.valueOf(row.get(1)))).as(row.get(0))
                        .satisfiesAnyOf(version -> assertThat(version).isNull(),
                                version -> assertThat(version).isLessThan(Long.parseLong(row.get(1)))));
        assertThat(told()).isEqualTo(stored());
    }

    @Test
    void olderFormOfAMessage_isToldInTheNewForm_andIsNoChange() throws Exception {
        database.execute("""
                UPDATE accounts SET published = (jsonb_set(published::jsonb, '{entitlements}', coalesce((
                  SELECT jsonb_agg(benefit - 'grant_count' - 'grants_digest' - 'benefit_type')
                  FROM jsonb_array_elements(published::jsonb -> 'entitlements') AS benefit), '[]')))::json
                """);
        database.execute("UPDATE subscriptions SET published = (published::jsonb - 'seats')::json");
        long history = database.number("SELECT count(*) FROM history");

        republish.all(Versions.NEW);

        assertThat(told().values()).allSatisfy(message -> assertThat(message.path("entitlements"))
                .allSatisfy(benefit -> assertThat(benefit.has("grant_count")).isTrue()));
        assertThat(told().values()).anyMatch(message -> message.has("seats"));
        assertThat(database.number("SELECT count(*) FROM history")).isEqualTo(history);
    }

    /// As if a release had told it wrongly.
    @Test
    void messageThatIsNotTheStoredState_isCorrected_andTheHistorySaysSo() throws Exception {
        String account = accountWithBenefits();
        List<String> benefits = stored().get(Topics.ENTITLEMENT_CHANGED + " " + account).get("entitlements")
                .findValuesAsText("benefit_id");
        String subscription = database.column("SELECT id FROM subscriptions WHERE published IS NOT NULL LIMIT 1")
                .getFirst();
        database.execute("UPDATE accounts SET published = jsonb_set(published::jsonb, '{entitlements}', "
                + "'[{\"benefit_id\":\"gone\",\"grants\":[]}]')::json WHERE account = ?", account);
        database.execute("UPDATE subscriptions SET published = jsonb_set(published::jsonb, '{status}', '\"odd\"')::json"
                + " WHERE id = ?", subscription);
        long history = database.number("SELECT count(*) FROM history");

        republish.all(Versions.NEW);

        JsonNode set = told().get(Topics.ENTITLEMENT_CHANGED + " " + account);
        assertThat(set.get("granted").valueStream().map(JsonNode::textValue).toList()).isEqualTo(benefits);
        assertThat(set.get("revoked")).hasToString("[\"gone\"]");
        JsonNode status = told().get(Topics.SUBSCRIPTION_CHANGED + " " + subscription);
        assertThat(status.get("previous_status").textValue()).isEqualTo("odd");
        assertThat(status.get("status").textValue()).isNotEqualTo("odd");
        assertThat(database.number("SELECT count(*) FROM history")).isEqualTo(history + 2);
        assertThat(database.column("SELECT state FROM history ORDER BY decided_at DESC, topic LIMIT 2"))
                .containsExactly(set.toString(), status.toString());
    }

    /// As if another release had decided by other rules.
    @Test
    void whatWasDecidedByOtherRules_isDecidedAgain_andTold() {
        String account = accountWithBenefits();
        JsonNode before = stored().get(Topics.ENTITLEMENT_CHANGED + " " + account);
        List<List<String>> grants = database.rows("SELECT id, account FROM grants ORDER BY id");
        List<List<String>> subscriptions = database.rows("SELECT id, account FROM subscriptions ORDER BY id");
        database.execute("UPDATE grants SET account = 'org-wrong' WHERE account = ?", account);
        database.execute("UPDATE subscriptions SET account = 'org-wrong', "
                + "published = jsonb_set(published::jsonb, '{account}', '\"org-wrong\"')::json WHERE account = ?",
                account);

        all(republish, Versions.NEW);

        assertThat(database.rows("SELECT id, account FROM grants ORDER BY id")).isEqualTo(grants);
        assertThat(database.rows("SELECT id, account FROM subscriptions ORDER BY id")).isEqualTo(subscriptions);
        assertThat(told()).isEqualTo(stored());
        assertThat(told().get(Topics.ENTITLEMENT_CHANGED + " " + account).get("entitlements"))
                .isEqualTo(before.get("entitlements"));
    }

    @Test
    void accountThatWasNeverTold_isToldWhatItMayUse() {
        String account = accountWithBenefits();
        JsonNode before = stored().get(Topics.ENTITLEMENT_CHANGED + " " + account);
        database.execute("UPDATE grants SET account = NULL WHERE account = ?", account);
        database.execute("DELETE FROM accounts WHERE account = ?", account);

        all(republish, Versions.NEW);

        JsonNode told = told().get(Topics.ENTITLEMENT_CHANGED + " " + account);
        assertThat(told.get("entitlements")).isEqualTo(before.get("entitlements"));
        assertThat(told.get("granted").valueStream().map(JsonNode::textValue).toList())
                .isEqualTo(before.get("entitlements").findValuesAsText("benefit_id"));
        assertThat(database.column("SELECT type FROM inbox WHERE webhook_id = ?",
                told.path("cause").path("webhook_id").textValue()))
                .containsExactly(told.path("cause").path("event_type").textValue());
        assertThat(told()).isEqualTo(stored());
    }

    /// A projection holds the rows, and commits while this waits for them.
    @ParameterizedTest
    @EnumSource
    void changeThatCommitsMeanwhile_isNotOvertaken(Versions versions) throws Exception {
        String account = accountWithBenefits();
        String subscription = database.column("SELECT id FROM subscriptions WHERE published IS NOT NULL LIMIT 1")
                .getFirst();
        long later = System.currentTimeMillis() + 1_000_000;
        for (String change : List.of("""
                UPDATE subscriptions SET status = 'meanwhile', version = %1$d, published = jsonb_set(jsonb_set(
                  published::jsonb, '{status}', '"meanwhile"'), '{version}', '%1$d')::json
                WHERE id = '%2$s'
                """.formatted(later, subscription), """
                UPDATE customers SET live_grants = '[]'
                WHERE id IN (SELECT customer_id FROM grants WHERE account = '%2$s');
                UPDATE grants SET account = NULL, is_granted = false WHERE account = '%2$s';
                UPDATE accounts SET version = %1$d, published = jsonb_set(jsonb_set(
                  published::jsonb, '{entitlements}', '[]'), '{version}', '%1$d')::json WHERE account = '%2$s'
                """.formatted(later, account))) {
            CompletableFuture<Outcome> told;
            try (Connection projection = database.connect(); Statement statement = projection.createStatement()) {
                projection.setAutoCommit(false);
                statement.execute(change);
                told = CompletableFuture.supplyAsync(() -> all(republish, versions));
                await().atMost(PATIENCE).until(
                        () -> database.number("SELECT count(*) FROM pg_locks WHERE NOT granted") > 0);
                projection.commit();
            }
            assertThat(told.join()).isInstanceOf(Republished.class);
        }
        JsonNode set = told().get(Topics.ENTITLEMENT_CHANGED + " " + account);
        JsonNode status = told().get(Topics.SUBSCRIPTION_CHANGED + " " + subscription);
        assertThat(set.get("entitlements")).isEmpty();
        assertThat(status.get("status").textValue()).isEqualTo("meanwhile");
        assertThat(List.of(set, status)).allSatisfy(message -> {
            assertThat(message.get("version").longValue()).isGreaterThanOrEqualTo(later);
            assertThat(message.get("version").longValue() > later).isEqualTo(versions == Versions.NEW);
        });
        assertThat(told()).isEqualTo(stored());
    }

    /// The lock on the second lets only transactions commit that are before it.
    @ParameterizedTest
    @EnumSource
    void largeMessages_areToldInTransactionsOfTheirOwn(Versions versions) throws Exception {
        List<String> large = List.of("zz-large-1", "zz-large-2", "zz-large-3");
        large.forEach(account -> publishLarge(account, 3_000_000));
        CompletableFuture<Outcome> told;
        try (Connection projection = database.connect(); Statement statement = projection.createStatement()) {
            projection.setAutoCommit(false);
            statement.execute("SELECT FROM accounts WHERE account = 'zz-large-2' FOR UPDATE");
            told = CompletableFuture.supplyAsync(() -> all(republish, versions));
            await().atMost(PATIENCE).until(
                    () -> database.number("SELECT count(*) FROM outbox WHERE key = 'zz-large-1'") == 1);
        }
        if (versions == Versions.KEPT) { // the new messages are small
            await().atMost(PATIENCE).until(
                    () -> database.number("SELECT sum(octet_length(value)) FROM outbox") > 6_000_000);
            assertThat(database.number("SELECT count(*) FROM outbox WHERE key = 'zz-large-3'")).isZero();
            database.execute("TRUNCATE outbox"); // as the relay does
        }
        assertThat(told.join()).isInstanceOf(Republished.class);
        assertThat(database.number("SELECT count(*) FROM outbox WHERE key = 'zz-large-3'")).isOne();
    }

    /// Of which the message lists few, but which are all loaded.
    @Test
    void accountsWithManyGrants_areToldInTransactionsOfTheirOwn() throws Exception {
        for (String account : List.of("zz-large-1", "zz-large-2")) {
            publishLarge(account, 1);
            database.execute("INSERT INTO grants (id, customer_id, benefit_id, is_granted, account, said_at, said_by) "
                    + "SELECT ? || n, 'c', 'b', true, ?, now(), 'x' FROM generate_series(1, 3000) AS n", account,
                    account);
        }
        CompletableFuture<Outcome> told;
        try (Connection projection = database.connect(); Statement statement = projection.createStatement()) {
            projection.setAutoCommit(false);
            statement.execute("SELECT FROM accounts WHERE account = 'zz-large-2' FOR UPDATE");
            told = CompletableFuture.supplyAsync(() -> all(republish, Versions.NEW));
            await().atMost(PATIENCE).until(
                    () -> database.number("SELECT count(*) FROM outbox WHERE key = 'zz-large-1'") == 1);
        }
        assertThat(told.join()).isInstanceOf(Republished.class);
        assertThat(told().get(Topics.ENTITLEMENT_CHANGED + " zz-large-2").at("/entitlements/0/grant_count").intValue())
                .isEqualTo(3000);
    }

    @ParameterizedTest
    @ValueSource(strings = {"SELECT 'x' FROM generate_series(1, 500)",
            "SELECT repeat('x', 3000000) FROM generate_series(1, 2)"})
    void fullOutbox_isWaitedFor(String values) {
        database.execute("INSERT INTO outbox (topic, key, headers, value) SELECT 't', 'k', '{}', "
                + "convert_to(value, 'UTF8') FROM (" + values + ") AS full_ (value)");
        long waiting = database.number("SELECT count(*) FROM outbox");

        assertThat(all(republish(Duration.ZERO), Versions.NEW))
                .isEqualTo(new RepublishState.Incomplete(new Republished(0, 0)));
        CompletableFuture<Outcome> told = CompletableFuture.supplyAsync(() -> all(republish, Versions.NEW));
        await().atMost(PATIENCE)
                .until(() -> database.number("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'") == 1);
        assertThat(database.number("SELECT count(*) FROM outbox")).isEqualTo(waiting);
        database.execute("TRUNCATE outbox");

        assertThat(told.join()).isInstanceOf(Republished.class);
        assertThat(told()).isEqualTo(stored());
    }

    @Test
    void messageThatNoTopicTakes_isNotWaitedFor() {
        database.execute("INSERT INTO outbox (topic, key, headers, value) VALUES ('t', 'k', '{}', "
                + "convert_to(repeat('x', 9000000), 'UTF8'))");

        assertThat(all(republish(Duration.ZERO), Versions.KEPT)).isInstanceOf(Republished.class);
    }

    /// Which stays until it is deleted by hand.
    @Test
    void messageThatNoTopicTakes_isToldOnce_andItsSmallerSuccessorToo() {
        publishLarge("zz-large", 9_000_000);
        for (int call = 0; call < 2; call++) {
            assertThat(all(republish, Versions.KEPT)).isInstanceOf(Republished.class);
            assertThat(told()).isEqualTo(stored());
            database.execute("DELETE FROM outbox WHERE key <> 'zz-large'"); // as the relay does
            assertThat(database.number("SELECT count(*) FROM outbox")).isOne();
        }

        assertThat(all(republish, Versions.NEW)).isInstanceOf(Republished.class);
        assertThat(told()).isEqualTo(stored());
        assertThat(database.number("SELECT count(*) FROM outbox WHERE key = 'zz-large'")).isEqualTo(2);
    }

    /// A silent connection is closed, and PostgreSQL then lets a second call begin.
    @Test
    void turn_isKept_howeverLongATransactionTakes() throws Exception {
        CompletableFuture<Outcome> told;
        try (Connection projection = database.connect(); Statement statement = projection.createStatement()) {
            projection.setAutoCommit(false);
            statement.execute("SELECT FROM accounts FOR UPDATE");
            told = CompletableFuture.supplyAsync(() -> all(republish, Versions.NEW));
            await().atMost(PATIENCE).until(
                    () -> database.number("SELECT count(*) FROM pg_locks WHERE NOT granted") > 0);
            String heard = lastHeard();
            await().atMost(PATIENCE).until(() -> !lastHeard().equals(heard));
        }
        assertThat(told.join()).isInstanceOf(Republished.class);
    }

    @Test
    void secondCall_doesNothing_whileTheFirstGoesOn() throws Exception {
        try (Connection first = database.connect(); Statement statement = first.createStatement()) {
            statement.execute("SELECT pg_advisory_lock(hashtext('plinto-polar republish'))");

            assertThat(all(republish, Versions.NEW)).isEqualTo(new RepublishState.Running());
            assertThat(database.number("SELECT count(*) FROM outbox")).isZero();
            statement.execute("SELECT pg_advisory_unlock(hashtext('plinto-polar republish'))");
        }
        assertThat(all(republish, Versions.NEW)).isInstanceOf(Republished.class);
        assertThat(all(republish, Versions.NEW)).isInstanceOf(Republished.class);
    }

    @Test
    void callThatFailedInTheMiddle_isRepeated() {
        String last = database.column("SELECT max(account) FROM accounts WHERE published IS NOT NULL").getFirst();
        database.execute("ALTER TABLE outbox ADD CONSTRAINT surprise CHECK (key <> '" + last + "')");
        try {
            assertThatThrownBy(() -> all(republish, Versions.NEW)).hasMessageContaining("surprise");
        } finally {
            database.execute("ALTER TABLE outbox DROP CONSTRAINT surprise");
        }

        assertThat(all(republish, Versions.NEW)).isInstanceOf(Republished.class);
        assertThat(told()).isEqualTo(stored());
    }

    private static RepublishState republish(Duration patience) {
        return new RepublishState(pool, new Transactions(pool), new Partitions(pool), Clock.systemUTC(), patience);
    }

    private static Outcome all(RepublishState republish, Versions versions) {
        try {
            return republish.all(versions);
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    /// Projects a life; a longer one has the events of the shorter one, and more.
    private static void project(int life, int steps) {
        List<ReceivedEvent> events = EVENTS.computeIfAbsent(life + " " + steps, key -> Lifecycle
                .of(IntStream.range(0, steps).mapToObj(n -> life * 131 + n * 17).toList(), "life-" + life + "-")
                .events()).stream()
                .map(event -> new ReceivedEvent(event.webhookId(), null, Clock.systemUTC().instant(), "webhook",
                        event.body(), null, READER.read(event.webhookId(), event.body()), Trace.NONE))
                .toList();
        new Partitions(pool).createAhead(Clock.systemUTC().instant());
        new Transactions(pool).inOne(transaction -> new Projection(transaction, Clock.systemUTC().instant(),
                BatchBounds.USUAL)
                .project(events));
    }

    private static void publishLarge(String account, int characters) {
        database.execute("""
                INSERT INTO accounts (account, version, published) VALUES (?, 1, json_build_object('account', ?::text,
                  'version', 1, 'entitlements', json_build_array(json_build_object('benefit_id', 'b', 'description',
                    repeat('x', ?))), 'cause', json_build_object('event_type', 't', 'webhook_id', 'w', 'timestamp',
                    '2026-10-01T08:00:00Z')))
                """, account, account, characters);
    }

    /// When the connection of the call sent its latest statement.
    private static String lastHeard() {
        return database.column("SELECT query_start::text FROM pg_stat_activity JOIN pg_locks USING (pid) "
                + "WHERE locktype = 'advisory'").getFirst();
    }

    private static String accountWithBenefits() {
        return database.column("SELECT account FROM accounts WHERE json_array_length(published -> 'entitlements') > 1 "
                + "LIMIT 1").getFirst();
    }

    /// What is stored as published, by topic and key.
    private static Map<String, JsonNode> stored() {
        return messages("""
                SELECT 'polar.subscription.changed ' || id, published FROM subscriptions WHERE published IS NOT NULL
                UNION ALL SELECT 'polar.entitlement.changed ' || account, published FROM accounts
                WHERE published IS NOT NULL
                """);
    }

    /// The newest message of each topic and key.
    private static Map<String, JsonNode> told() {
        return messages("SELECT topic || ' ' || key, convert_from(value, 'UTF8') FROM outbox ORDER BY id");
    }

    private static Map<String, JsonNode> messages(String sql) {
        Map<String, JsonNode> messages = new TreeMap<>();
        database.rows(sql.replace("published FROM", "published::text FROM"))
                .forEach(row -> messages.put(row.get(0), StoredJson.read(row.get(1))));
        return messages;
    }

    private static JsonNode state(JsonNode message) {
        return ((ObjectNode) message.deepCopy())
                .without(List.of("version", "previous_status", "granted", "revoked"));
    }
}
