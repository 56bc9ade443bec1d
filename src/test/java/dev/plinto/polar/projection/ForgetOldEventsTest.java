package dev.plinto.polar.projection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinto.polar.Role;
import dev.plinto.polar.polar.EventReader;
import dev.plinto.polar.sandbox.database.EmbeddedPostgres;
import dev.plinto.polar.sandbox.process.FreePort;
import dev.plinto.polar.telemetry.Trace;
import dev.plinto.polar.testing.Database;
import dev.plinto.polar.testing.Lifecycle;
import dev.plinto.polar.testing.LogLines;
import io.vertx.pgclient.PgBuilder;
import io.vertx.sqlclient.Pool;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Simulates weeks within seconds, on its own database.
class ForgetOldEventsTest {

    private static final Duration WEEK = Duration.ofDays(7);
    private static final int WEEKS = Integer.getInteger("polar.test.weeks", 24);
    private static final int LIFECYCLES_A_WEEK = Integer.getInteger("polar.test.lives-a-week", 2);
    private static final EventReader READER = new EventReader(Optional.empty());

    @TempDir
    private static Path directory;

    private static EmbeddedPostgres postgres;
    private static Pool pool;
    private static Database database;

    private record Kept(Duration payloads, Duration ids, Duration parked, Duration history)
            implements
                ProjectionConfig.Retention {}

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

    @Test
    void diskUsage_staysBounded_andIdsOutliveBodies() {
        ForgetOldEvents retention = retention(
                new Kept(WEEK.multipliedBy(4), WEEK.multipliedBy(14), WEEK, WEEK.multipliedBy(8)));
        Instant start = Instant.now();
        List<Long> size = new ArrayList<>();
        List<Set<String>> idsOfWeek = new ArrayList<>();
        for (int week = 0; week < WEEKS; week++) {
            Instant now = start.plus(WEEK.multipliedBy(week));
            idsOfWeek.add(project(week, now));
            retention.forget(now);
            size.add(database.number("""
                    SELECT sum(pg_total_relation_size(partition))
                    FROM (SELECT * FROM partitions_of('payloads') UNION ALL SELECT * FROM partitions_of('history'))
                    """));
        }

        assertThat(database.number("SELECT count(*) FROM partitions_of('payloads')")).isLessThanOrEqualTo(4 + 1 + 5);
        assertThat(size.getLast()).isLessThan(size.get(WEEKS / 2) * 5 / 4);
        Set<String> bodies = Set.copyOf(database.column("SELECT webhook_id FROM payloads"));
        Set<String> ids = Set.copyOf(database.column("SELECT webhook_id FROM inbox"));
        assertThat(bodies).containsAll(idsOfWeek.get(WEEKS - 4)).doesNotContainAnyElementsOf(idsOfWeek.get(WEEKS - 7));
        assertThat(ids).containsAll(idsOfWeek.get(WEEKS - 14)).doesNotContainAnyElementsOf(idsOfWeek.get(WEEKS - 16));
        assertThat(database.number("SELECT count(*) FROM history WHERE decided_at < now() + interval '1 day' * "
                + (WEEKS - 15) * 7)).isZero();
        assertThat(database.number("SELECT count(*) FROM accounts")).isPositive(); // the state is not deleted
    }

    @Test
    void bodiesOfParkedEvents_areDeletedAfterTheirRetention_andThisIsLogged() {
        database.execute("""
                INSERT INTO parked (webhook_id, type, reason, detail, first_failed_at, received_at, origin, body)
                SELECT 'parked-' || days, 'a', 'failed', 'x', now() - make_interval(days => days), now(), 'webhook', 'b'
                FROM unnest(ARRAY[1, 13, 15, 40]) AS days
                """);
        ForgetOldEvents retention = retention(
                new Kept(WEEK.multipliedBy(4), WEEK.multipliedBy(14), WEEK.multipliedBy(2), WEEK.multipliedBy(8)));

        try (LogLines log = LogLines.of(ForgetOldEvents.class)) {
            retention.forget(Instant.now());
            retention.forget(Instant.now());

            assertThat(log.lines().stream().filter(line -> line.contains("parked"))).singleElement().asString()
                    .startsWith("WARN Deleted the bodies of 2 events that were parked 14 days ago");
        }

        assertThat(database.rows("SELECT webhook_id, octet_length(body), body_forgotten_at IS NULL FROM parked "
                + "WHERE starts_with(webhook_id, 'parked-') ORDER BY first_failed_at DESC"))
                .containsExactly(List.of("parked-1", "1", "t"), List.of("parked-13", "1", "t"),
                        List.of("parked-15", "0", "f"), List.of("parked-40", "0", "f"));
    }

    @Test
    void conflicts_areDeletedAsPayloadsAre() {
        database.execute("""
                INSERT INTO conflicts (webhook_id, body_sha256, received_at, stored_at, origin, body)
                SELECT 'conflict', sha256('b' || days::text::bytea), now(), now() - make_interval(days => days),
                       'webhook', 'b'
                FROM unnest(ARRAY[27, 29]) AS days
                """);

        retention(new Kept(WEEK.multipliedBy(4), WEEK.multipliedBy(14), WEEK, WEEK.multipliedBy(8)))
                .forget(Instant.now());

        assertThat(database.number("SELECT count(*) FROM conflicts WHERE webhook_id = 'conflict'")).isOne();
    }

    /// Projects some lifecycles as of that moment.
    ///
    /// @return the ids of their events
    private static Set<String> project(int week, Instant now) {
        List<ReceivedEvent> events = IntStream.range(0, LIFECYCLES_A_WEEK).boxed()
                .flatMap(lifecycle -> Lifecycle
                        .of(IntStream.range(0, 8).mapToObj(n -> week * 31 + lifecycle * 7 + n * 13).toList(),
                                "week-" + week + "-" + lifecycle + "-")
                        .events().stream())
                .map(event -> new ReceivedEvent(event.webhookId(), null, now, "webhook", event.body(),
                        null, READER.read(event.webhookId(), event.body()), Trace.NONE))
                .toList();
        new Partitions(pool).createAhead(now);
        new Transactions(pool)
                .inOne(transaction -> new Projection(transaction, Nobody.ERASED, now, WholeBatch.BOUNDS)
                        .project(events));
        return Set.copyOf(events.stream().map(ReceivedEvent::webhookId).toList());
    }

    private static ForgetOldEvents retention(Kept kept) {
        ProjectionConfig config = new ProjectionConfig() {
            @Override
            public ProjectionConfig.Projection projection() {
                throw new UnsupportedOperationException("retention reads none of it");
            }

            @Override
            public Retention retention() {
                return kept;
            }
        };
        return new ForgetOldEvents(pool, new Partitions(pool), config, () -> Set.of(Role.PROJECTION),
                InstantSource.system());
    }
}
