package dev.plinto.polar.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.plinto.polar.testing.Database;
import dev.plinto.polar.testing.EndState;
import dev.plinto.polar.testing.MadeBacklog;
import dev.plinto.polar.testing.OwnStack;
import dev.plinto.polar.testing.PackagedService;
import dev.plinto.polar.testing.RawTopicWriter;
import dev.plinto.polar.testing.Replicas;
import dev.plinto.polar.testing.Size;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// The publishing replica is killed repeatedly (`-Dpolar.test.kills`) at the worst moment: Kafka has committed the
/// messages, and PostgreSQL has not removed them from the outbox.
class KilledRelayIT {

    private static final int KILLS = Size.of("polar.test.kills", 2, 10);
    private static final int EVENTS_EACH = 40;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /// While `hold` has a row, deletes from the outbox wait. The function is named, to be found among the running
    /// statements.
    private static final List<String> HOLD = List.of(
            "CREATE TABLE hold (one boolean)",
            """
            CREATE FUNCTION hold() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
              WHILE EXISTS (SELECT FROM hold) LOOP
                PERFORM pg_sleep(0.05);
              END LOOP;
              RETURN NULL;
            END $$
            """,
            "CREATE TRIGGER hold BEFORE DELETE ON outbox FOR EACH STATEMENT EXECUTE FUNCTION hold()");

    @Test
    void leaderKilledBetweenCommitAndRemoval_publishesEachChangeOnce() {
        try (OwnStack stack = OwnStack.start()) {
            stack.createRawTopic(6);
            Map<String, String> environment = stack.environment();
            environment.put("POLAR_ROLES", "ingress,projection,relay,api");
            List<MadeBacklog> backlogs = new ArrayList<>();
            try (Replicas replicas = new Replicas(environment); RawTopicWriter rawTopic = stack.writer()) {
                replicas.ensure(2);
                HOLD.forEach(stack.database()::execute);
                for (int kill = 1; kill <= KILLS; kill++) {
                    PackagedService leader = replicas.leader();
                    backlogs.add(MadeBacklog.of(EVENTS_EACH, "kill-" + kill));
                    killWhileItRemoves(stack.database(), leader, () -> rawTopic.write(backlogs.getLast().records()));
                    replicas.ensure(2);
                }
                new EndState(stack.database(), stack.reader()).awaitDrained(PATIENCE)
                        .everyEventIsInInboxOrParked(backlogs)
                        .everyChangeWasPublishedOnceInOrder()
                        .stateMatchesTheRules(backlogs);
            }
        }
    }

    private static void killWhileItRemoves(Database database, PackagedService leader, Runnable deliver) {
        database.execute("INSERT INTO hold VALUES (true)");
        deliver.run();
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(20)).until(() -> !removing(database).isEmpty());
        leader.kill();
        // The server would complete the dead client's statement, which would be another case.
        removing(database).forEach(pid -> database.number("SELECT pg_terminate_backend(?::int)::int", pid));
        assertThat(database.number("SELECT count(*) FROM outbox")).as("rows that Kafka has, too").isPositive();
        database.execute("DELETE FROM hold"); // TRUNCATE would wait for the successor, and it for the truncation
    }

    private static List<String> removing(Database database) {
        return database.column("""
                SELECT pid FROM pg_stat_activity
                WHERE state = 'active' AND query ILIKE 'DELETE FROM outbox%' AND pid <> pg_backend_pid()
                """);
    }
}
