package dev.plinto.polar.audit;

import dev.plinto.polar.Role;
import dev.plinto.polar.sandbox.database.EmbeddedPostgres;
import dev.plinto.polar.sandbox.process.FreePort;
import dev.plinto.polar.testing.Database;
import io.vertx.pgclient.PgBuilder;
import io.vertx.sqlclient.Pool;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/// Before each test, a log with two sealed hours, on a database of its own.
abstract class SealedLog {

    static final AuditConfig RETENTION = () -> Duration.ofDays(35);

    @TempDir
    private static Path directory;

    private static EmbeddedPostgres postgres;
    static Pool pool;
    static Database database;
    static KeepAuditLog keep;
    private static VerifyAuditLog verify;

    final Instant now = Instant.now();
    final Instant recent = now.truncatedTo(ChronoUnit.HOURS).minus(Duration.ofHours(3));
    /// In a partition whose retention has ended.
    final Instant old = recent.minus(Duration.ofDays(45));
    final Instant partitionEnd = recent.minus(Duration.ofDays(40));

    /// Of the first row; those of the others follow.
    long first;

    @BeforeAll
    static void start() {
        postgres = EmbeddedPostgres.start(directory.resolve("postgres"), FreePort.any());
        database = Database.of(postgres);
        Flyway.configure().dataSource(postgres.jdbcUrl(), EmbeddedPostgres.USER, EmbeddedPostgres.PASSWORD).load()
                .migrate();
        pool = PgBuilder.pool().connectingTo("%s?user=%s&password=%s".formatted(
                postgres.reactiveUrl(), EmbeddedPostgres.USER, EmbeddedPostgres.PASSWORD)).build();
        keep = keep(InstantSource.system());
        verify = verifying(InstantSource.system());
    }

    static KeepAuditLog keep(InstantSource clock) {
        return new KeepAuditLog(pool, new SealHours(new SealStore(pool)), new AuditStore(pool), RETENTION,
                () -> Set.of(Role.API), clock);
    }

    static VerifyAuditLog verifying(InstantSource clock) {
        SealStore seals = new SealStore(pool);
        return new VerifyAuditLog(io.vertx.mutiny.sqlclient.Pool.newInstance(pool), new SealHours(seals), seals,
                new AuditStore(pool), new PersonalValueStore(pool), RETENTION, clock);
    }

    @AfterAll
    static void stop() {
        pool.close().toCompletionStage().toCompletableFuture().join();
        postgres.close();
    }

    /// Four rows: the first two in one hour, the other two in the next.
    @BeforeEach
    void seal() {
        empty();
        first = action(recent, "replay_parked");
        action(recent.plusSeconds(1), "reconcile");
        action(recent.plus(Duration.ofHours(1)), "republish");
        action(recent.plus(Duration.ofHours(1)).plusSeconds(1), "reconcile");
        keep.keep(now);
    }

    static void empty() {
        asAttacker("TRUNCATE audit_log, audit_personal, audit_seals, audit_chain");
    }

    static Verification verify() {
        return verify.verify(Optional.empty());
    }

    static Verification verify(Instant hour, String sha256) {
        return verify.verify(Optional.of(new LoggedSeal(hour, sha256)));
    }

    static long action(Instant at, String action) {
        return Long.parseLong(database.column("INSERT INTO audit_log (at, actor_kind, actor, way, action, target) "
                + "VALUES (?::timestamptz, 'operator', 'usr_ops', 'api', ?, 'evt') RETURNING id", at.toString(), action)
                .getFirst());
    }

    static void personal(long row, String reason) {
        database.execute(
                "INSERT INTO audit_personal (id, field, salt, value) "
                        + "VALUES (?, 'reason', decode(repeat('00', 16), 'hex'), ?)",
                row,
                reason);
    }

    /// With what protects the tables switched off.
    static void asAttacker(String... statements) {
        try (Connection connection = database.connect(); Statement statement = connection.createStatement()) {
            statement.execute("SET session_replication_role = replica");
            for (String sql : statements) {
                statement.execute(sql);
            }
        } catch (SQLException failure) {
            throw new IllegalStateException(failure);
        }
    }

    void splitOffOldPartition() {
        if (database.number("SELECT count(*) FROM pg_class WHERE relname = 'audit_log_old'") > 0) {
            return;
        }
        for (String table : List.of("audit_log", "audit_personal")) {
            String upper = database.column("SELECT upper_bound FROM partitions_of(?::regclass) ORDER BY 1 LIMIT 1",
                    table).getFirst();
            database.execute("ALTER TABLE %1$s DETACH PARTITION %1$s_first".formatted(table));
            database.execute("DELETE FROM %s_first".formatted(table));
            database.execute("ALTER TABLE %1$s ATTACH PARTITION %1$s_first FOR VALUES FROM ('%2$s') TO ('%3$s')"
                    .formatted(table, partitionEnd, upper));
            database.execute("CREATE TABLE %1$s_old PARTITION OF %1$s FOR VALUES FROM (MINVALUE) TO ('%2$s')"
                    .formatted(table, partitionEnd));
        }
    }

    /// Drops what is before, as one partition.
    void beginPartitionsAt(Instant moment) {
        for (String table : List.of("audit_log", "audit_personal")) {
            String upper = database.column("SELECT upper_bound FROM partitions_of(?::regclass) "
                    + "WHERE partition = (? || '_first')::regclass", table, table).getFirst();
            asAttacker("ALTER TABLE %1$s DETACH PARTITION %1$s_first".formatted(table),
                    "DELETE FROM %s_first WHERE at < '%s'".formatted(table, moment),
                    "ALTER TABLE %1$s ATTACH PARTITION %1$s_first FOR VALUES FROM ('%2$s') TO ('%3$s')"
                            .formatted(table, moment, upper));
        }
    }
}
