package dev.plinto.polar.artefact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.plinto.polar.testing.Database;
import dev.plinto.polar.testing.EndState;
import dev.plinto.polar.testing.MadeBacklog;
import dev.plinto.polar.testing.OwnStack;
import dev.plinto.polar.testing.PackagedService;
import dev.plinto.polar.testing.RawTopicWriter;
import dev.plinto.polar.testing.Size;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/// The packaged service processes a backlog while it is killed, its database goes away, and an older copy of the
/// database is restored. The tests run in order on one broker and one database.
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class KilledServiceIT {

    private static final int DELIVERIES = Size.of("polar.test.deliveries", 2_000, 8_000);
    private static final int KILLS = Size.of("polar.test.service-kills", 1, 3);
    private static final Duration TIMEOUT = Duration.ofSeconds(30 + DELIVERIES / 1_000);
    private static final List<String> TABLES = List.of("customers", "subscriptions", "orders", "grants", "accounts",
            "products", "benefits", "inbox", "payloads", "parked", "history", "benefit_changes", "outbox", "positions");

    private static final List<MadeBacklog> backlogs = new ArrayList<>();
    private static OwnStack stack;
    private static Map<String, String> environment;
    private static Database database;
    private static EndState endState;

    @BeforeAll
    static void start() {
        stack = OwnStack.start();
        stack.createRawTopic(6);
        environment = stack.environment();
        database = stack.database();
        endState = new EndState(database, stack.reader());
    }

    @AfterAll
    static void stop() {
        stack.close();
    }

    @Test
    @Order(1)
    void serviceKilledDuringBacklog_losesAndRepeatsNothing() {
        int distinct = deliver("killed", DELIVERIES);
        for (int kill = 1; kill <= KILLS; kill++) {
            PackagedService service = PackagedService.start(environment);
            awaitProjected((long) distinct * kill / (2 * KILLS + 2));
            service.kill();
            System.out.printf("Killed with %d of %d events projected%n", projected(), distinct);
            assertThat(projected()).as("projected when killed").isLessThan(distinct);
        }
        long killed = projected();
        try (PackagedService service = PackagedService.start(environment)) {
            awaitProjected(killed + 1);
            long began = System.nanoTime();
            long from = projected();
            awaitProjected(distinct);
            System.out.printf("Projected %d events in %d ms%n", distinct - from,
                    (System.nanoTime() - began) / 1_000_000);
            endState.awaitDrained(TIMEOUT);
            assertThat(service.output()).doesNotContain("ERROR");
        }
        verify();
    }

    @Test
    @Order(2)
    void databaseLostDuringBacklog_parksAndLosesNothing() {
        try (PackagedService service = PackagedService.start(environment)) {
            long before = projected();
            int distinct = deliver("database", DELIVERIES / 8);
            awaitProjected(before + distinct / 5);
            stack.postgres().suspend();
            await().atMost(TIMEOUT).until(() -> service.output().contains("Projection failed and is retried"));
            stack.postgres().resume();
            awaitProjected(before + distinct / 2);
            stack.postgres().kill();
            stack.restartPostgres();
            awaitProjected(before + distinct);
            endState.awaitDrained(TIMEOUT);
            assertThat(service.output()).doesNotContain("ERROR");
        }
        verify();
    }

    @Test
    @Order(3)
    void lostPositions_rereadEverythingAndChangeNothing() {
        long changes = database.number("SELECT count(*) FROM history");
        database.execute("TRUNCATE positions");
        try (PackagedService service = PackagedService.start(environment)) {
            endState.awaitDrained(TIMEOUT);
            assertThat(database.number("SELECT count(*) FROM history")).isEqualTo(changes);
            assertThat(service.output()).doesNotContain("ERROR");
        }
        verify();
    }

    @Test
    @Order(4)
    void restoredDatabase_catchesUpToTheSameState() {
        if (!tableExists()) {
            PackagedService.start(environment).close(); // if this test runs alone
        }
        backUp();
        int distinct = deliver("restored", DELIVERIES / 8);
        long wanted = projected() + distinct;
        try (PackagedService service = PackagedService.start(environment)) {
            awaitProjected(wanted);
            endState.awaitDrained(TIMEOUT);
            assertThat(service.output()).doesNotContain("ERROR");
        }
        verify();

        restore();
        assertThat(projected()).isLessThan(wanted);
        try (PackagedService service = PackagedService.start(environment)) {
            awaitProjected(wanted);
            endState.awaitDrained(TIMEOUT);
            assertThat(service.output()).doesNotContain("ERROR");
        }
        // The topics keep the messages from before the restore, so they hold more than the history.
        endState.everyEventIsInInboxOrParked(backlogs).versionsOnlyGrow().stateMatchesTheRules(backlogs);
    }

    private static int deliver(String name, int deliveries) {
        MadeBacklog backlog = MadeBacklog.of(deliveries, name);
        backlogs.add(backlog);
        try (RawTopicWriter writer = stack.writer()) {
            writer.write(backlog.records());
        }
        return backlog.projected().size();
    }

    private static void verify() {
        endState.everyEventIsInInboxOrParked(backlogs).everyChangeWasPublishedOnceInOrder()
                .stateMatchesTheRules(backlogs);
    }

    private static void awaitProjected(long events) {
        await().atMost(TIMEOUT).pollInterval(Duration.ofMillis(20)).ignoreExceptions()
                .until(() -> projected() >= events);
    }

    private static long projected() {
        return tableExists() ? database.number("SELECT count(*) FROM inbox") : 0;
    }

    private static boolean tableExists() {
        return database.column("SELECT to_regclass('public.inbox')").getFirst() != null;
    }

    private static void backUp() {
        database.execute("CREATE SCHEMA copy");
        TABLES.forEach(table -> database.execute("CREATE TABLE copy." + table + " AS TABLE public." + table));
        database.execute("CREATE TABLE copy.ids AS SELECT last_value FROM public.outbox_id_seq");
    }

    private static void restore() {
        database.execute("TRUNCATE " + String.join(", ", TABLES.stream().map(table -> "public." + table).toList()));
        TABLES.forEach(table -> database.execute(
                "INSERT INTO public." + table + " OVERRIDING SYSTEM VALUE SELECT * FROM copy." + table));
        database.execute("SELECT setval('public.outbox_id_seq', (SELECT last_value FROM copy.ids))");
    }
}
