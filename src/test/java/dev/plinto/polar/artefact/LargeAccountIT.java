package dev.plinto.polar.artefact;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinto.polar.Topics;
import dev.plinto.polar.sandbox.polar.WebhookEvent;
import dev.plinto.polar.testing.Database;
import dev.plinto.polar.testing.EndState;
import dev.plinto.polar.testing.LargeAccount;
import dev.plinto.polar.testing.MadeBacklog;
import dev.plinto.polar.testing.OwnStack;
import dev.plinto.polar.testing.RawTopicWriter;
import dev.plinto.polar.testing.Replicas;
import dev.plinto.polar.testing.Size;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// An organization with thousands of grants, in replicas with the heap of production: each change is published in
/// order, no replica ends, and what is written grows with the events, not with their number times the account's size.
class LargeAccountIT {

    private static final String HEAP = "-Xmx256m -XX:+UseG1GC -XX:+ExitOnOutOfMemoryError";
    private static final int GRANTS = Size.of("polar.test.grants", 2_000, 10_000);
    private static final int MOST_BENEFITS = 3_000;
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final long MEGABYTE = 1024 * 1024;

    @ParameterizedTest
    @ValueSource(ints = {5, MOST_BENEFITS})
    void backlogOfALargeAccount_isPublishedInOrder_andBoundedInBytes(int benefits) {
        int grants = benefits == MOST_BENEFITS ? Math.min(GRANTS, MOST_BENEFITS) : GRANTS;
        LargeAccount account = new LargeAccount("org-large", grants, benefits);
        MadeBacklog others = MadeBacklog.of(5_000, "others");
        List<WebhookEvent> events = account.life();
        try (OwnStack stack = OwnStack.start()) {
            stack.createRawTopic(6);
            try (Replicas replicas = new Replicas(environment(stack)); RawTopicWriter writer = stack.writer()) {
                replicas.ensure(2);
                Database database = stack.database();
                String wal = database.column("SELECT pg_current_wal_lsn()").getFirst();

                writer.writeEvents(events);
                writer.write(others.records());

                new EndState(database, stack.reader()).awaitDrained(PATIENCE)
                        .everyChangeWasPublishedOnceInOrder()
                        .newestMessagesMatchStoredState();
                assertThat(grants(stack, account.organization())).isEqualTo(grants);
                double times = events.size() / 2_000.0;
                assertThat(megabytes(stack, account)).as("MB of its messages").isLessThan(40 * times);
                assertThat(database.number("SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), ?::pg_lsn)::bigint", wal))
                        .as("bytes of write-ahead log").isLessThan((long) (60 * MEGABYTE * times));
                assertThat(database.number("""
                        SELECT sum(pg_total_relation_size(partition)) FROM (
                          SELECT partition FROM partitions_of('history')
                          UNION ALL SELECT partition FROM partitions_of('benefit_changes')) AS partitions
                        """)).as("bytes of history").isLessThan((long) (10 * MEGABYTE * times));

                applyOneEventToAllGrants(stack, writer, account);
                assertThat(replicas.peakMegabytes()).as("MB of each replica, of which none ended").hasSize(2)
                        .allMatch(peak -> peak < 480);
            }
        }
    }

    /// A customer who is linked to another organization, and then deleted: each is one event about all grants.
    private static void applyOneEventToAllGrants(OwnStack stack, RawTopicWriter writer, LargeAccount account) {
        EndState end = new EndState(stack.database(), stack.reader());
        int grants = grants(stack, account.organization());
        writer.writeEvents(List.of(account.linkedTo("org-other")));
        end.awaitDrained(PATIENCE);
        assertThat(grants(stack, account.organization())).isZero();
        assertThat(grants(stack, "org-other")).isEqualTo(grants);

        writer.writeEvents(List.of(account.deleted()));
        end.awaitDrained(PATIENCE).everyChangeWasPublishedOnceInOrder().newestMessagesMatchStoredState();
        assertThat(grants(stack, "org-other")).isZero();
    }

    private static int grants(OwnStack stack, String organization) {
        return stack.database().column("""
                SELECT coalesce(sum((benefit ->> 'grant_count')::int), 0)
                FROM accounts, json_array_elements(published -> 'entitlements') AS benefit
                WHERE account = ?
                """, organization).stream().mapToInt(Integer::parseInt).sum();
    }

    private static Map<String, String> environment(OwnStack stack) {
        Map<String, String> environment = stack.environment();
        environment.put("JAVA_TOOL_OPTIONS", HEAP);
        environment.put("POLAR_ROLES", "ingress,projection,relay"); // entities are for replicas that serve the API
        return environment;
    }

    private static double megabytes(OwnStack stack, LargeAccount account) {
        return stack.reader().records(Topics.ENTITLEMENT_CHANGED).stream()
                .filter(record -> record.key().equals(account.organization()))
                .mapToLong(record -> record.value().length).sum() / (double) MEGABYTE;
    }
}
