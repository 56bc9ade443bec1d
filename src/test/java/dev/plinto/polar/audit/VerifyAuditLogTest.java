package dev.plinto.polar.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.plinto.polar.Rfc3339;
import dev.plinto.polar.Role;
import dev.plinto.polar.audit.VerifyAuditLog.Finding;
import dev.plinto.polar.audit.VerifyAuditLog.Verification;
import dev.plinto.polar.audit.VerifyAuditLog.Wrong;
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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What somebody who may write SQL does to the log is found, on a database of its own.
class VerifyAuditLogTest {

    private final Instant now = Instant.now();
    private final Instant recent = now.truncatedTo(ChronoUnit.HOURS).minus(Duration.ofHours(3));
    /// In a partition whose retention has ended.
    private final Instant old = recent.minus(Duration.ofDays(45));
    private final Instant partitionEnd = recent.minus(Duration.ofDays(40));
    private static final AuditConfig RETENTION = () -> Duration.ofDays(35);

    @TempDir
    private static Path directory;

    private static EmbeddedPostgres postgres;
    private static Pool pool;
    private static Database database;
    private static VerifyAuditLog verify;
    private static KeepAuditLog keep;

    private static List<List<String>> takenOver;

    private long first;

    @BeforeAll
    static void start() {
        postgres = EmbeddedPostgres.start(directory.resolve("postgres"), FreePort.any());
        FluentConfiguration flyway = Flyway.configure()
                .dataSource(postgres.jdbcUrl(), EmbeddedPostgres.USER, EmbeddedPostgres.PASSWORD);
        flyway.target("14").load().migrate();
        pool = PgBuilder.pool().connectingTo("%s?user=%s&password=%s".formatted(
                postgres.reactiveUrl(), EmbeddedPostgres.USER, EmbeddedPostgres.PASSWORD)).build();
        database = Database.of(postgres);
        database.execute("INSERT INTO audit (at, actor, way, action, target, reason, result) VALUES "
                + "('2026-11-01T10:00:00Z', 'usr_1', 'console', 'discard_parked', 'evt_1', 'a test', '1 event'), "
                + "('2026-11-02T10:00:00Z', 'usr_2', 'api', 'reconcile', NULL, NULL, NULL)");
        flyway.target("latest").load().migrate();
        takenOver = database.rows("SELECT to_char(log.at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24'), actor_kind, actor, "
                + "way, action, target, value, (SELECT result FROM audit_log AS ended WHERE ended.begun = log.id) "
                + "FROM audit_log AS log LEFT JOIN audit_personal ON audit_personal.id = log.id "
                + "WHERE begun IS NULL ORDER BY log.id");
        SealStore seals = new SealStore(pool);
        AuditStore store = new AuditStore(pool);
        verify = new VerifyAuditLog(seals, store, RETENTION, InstantSource.system());
        keep = new KeepAuditLog(pool, seals, store, RETENTION, () -> Set.of(Role.API), InstantSource.system());
    }

    @AfterAll
    static void stop() {
        pool.close().toCompletionStage().toCompletableFuture().join();
        postgres.close();
    }

    /// Four rows: the first two in one hour, the other two in the next.
    @BeforeEach
    void seal() {
        asAttacker("TRUNCATE audit_log, audit_personal, audit_seals");
        first = action(recent, "replay_parked");
        action(recent.plusSeconds(1), "reconcile");
        action(recent.plus(Duration.ofHours(1)), "republish");
        action(recent.plus(Duration.ofHours(1)).plusSeconds(1), "reconcile");
        keep.keep(now);
    }

    @Test
    void entriesOfTheTableBefore_areTakenOver() {
        assertThat(takenOver).containsExactly(
                List.of("2026-11-01 10", "operator", "usr_1", "console", "discard_parked", "evt_1", "a test",
                        "1 event"),
                Arrays.asList("2026-11-02 10", "operator", "usr_2", "api", "reconcile", null, null, null));
    }

    @Test
    void untouchedLog_isIntact() {
        Verification found = verify.verify();

        assertThat(found.findings()).isEmpty();
        assertThat(found.intact()).isTrue();
        assertThat(found.sealedRows()).isEqualTo(4);
        assertThat(found.seals()).isBetween(2, 3); // an hour is sealed 5 min after its end
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            UPDATE audit_log SET actor = 'usr_other' WHERE id = %d           | ROW_CHANGED
            UPDATE audit_log SET target = NULL WHERE id = %d                 | ROW_CHANGED
            UPDATE audit_log SET at = at + interval '1 microsecond' WHERE id = %d | ROW_CHANGED
            DELETE FROM audit_log WHERE id = %d                              | ROW_MISSING
            """)
    void changedOrRemovedRow_isNamed(String sql, Wrong wrong) {
        asAttacker(sql.formatted(first));

        assertThat(verify.verify().findings()).extracting(Finding::wrong, Finding::rowId)
                .containsExactly(tuple(wrong, first));
    }

    @Test
    void insertedRow_isNamed() {
        long inserted = action(recent.plusSeconds(2), "reconcile");

        assertThat(verify.verify().findings()).extracting(Finding::wrong, Finding::rowId)
                .containsExactly(tuple(Wrong.ROW_ADDED, inserted));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void exchangedRows_areNamed_withinAnHourAndAcross(int distance) {
        long second = first + distance;
        asAttacker("UPDATE audit_log SET id = CASE id WHEN %1$d THEN %2$d ELSE %1$d END WHERE id IN (%1$d, %2$d)"
                .formatted(first, second));

        assertThat(verify.verify().findings()).extracting(Finding::rowId).contains(first, second);
    }

    @Test
    void hourWhoseSealIsMadeAnew_breaksTheChain() {
        asAttacker("DELETE FROM audit_log WHERE id = " + first, """
                UPDATE audit_seals SET rows = 1, digests = substring(digests FROM 41),
                  sha256 = sha256(decode(repeat('00', 32), 'hex')
                    || int8send(extract(epoch FROM hour)::bigint) || substring(digests FROM 41))
                WHERE hour = (SELECT min(hour) FROM audit_seals)
                """);

        assertThat(verify.verify().findings()).extracting(Finding::wrong, Finding::hour).containsExactly(
                tuple(Wrong.SEAL_CHANGED,
                        Rfc3339.format(recent.plus(Duration.ofHours(1)))));
    }

    @Test
    void rowWithTheIdOfAnother_isNamed() {
        asAttacker(
                "INSERT INTO audit_log SELECT id, at - interval '1 ms', begun, actor_kind, 'usr_forged', actor_sha256, "
                        + "way, request_id, organization, action, target FROM audit_log WHERE id = " + (first + 1));

        assertThat(verify.verify().findings()).extracting(Finding::wrong, Finding::rowId)
                .containsExactly(tuple(Wrong.ROW_ADDED, first + 1));
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "INSERT INTO audit_log (at, actor_kind, way, action) VALUES ('-infinity', 'system', 'system', 'x')",
            "INSERT INTO audit_log (id, actor_kind, way, action) VALUES (-1, 'system', 'system', 'x')",
            "INSERT INTO audit_seals VALUES ('infinity', 0, '', '')",
            "INSERT INTO audit_seals VALUES ('2026-11-01 00:30Z', 0, '', '')",
            "INSERT INTO audit_personal (id, field, salt, value) VALUES (1, 'actor', 'short', 'x')"})
    void whatNoWriterOfTheLogWrites_isRefused(String sql) {
        assertThatThrownBy(() -> database.execute(sql)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void partialReason_isNotTheOneThatWasRecorded() {
        asAttacker("UPDATE audit_log SET reason_sha256 = sha256(decode(repeat('00', 16), 'hex') || 'never approved') "
                + "WHERE id = " + first, "TRUNCATE audit_seals",
                "ALTER TABLE audit_personal DROP CONSTRAINT IF EXISTS "
                        + "audit_personal_salt_check");
        keep.keep(now);
        personal(first, "never approved");
        assertThat(verify.verify().intact()).isTrue();

        asAttacker("UPDATE audit_personal SET salt = salt || 'never ', value = 'approved' WHERE id = " + first);

        assertThat(verify.verify().findings()).extracting(Finding::wrong)
                .containsExactly(Wrong.PERSONAL_VALUE_CHANGED);
        asAttacker("ALTER TABLE audit_personal ADD CONSTRAINT audit_personal_salt_check "
                + "CHECK (octet_length(salt) = 16) NOT VALID");
    }

    @Test
    void clockThatIsSetBack_writesNoRowIntoASealedHour() {
        asAttacker("INSERT INTO audit_seals VALUES (date_trunc('hour', now()), 0, '', '')");

        assertThat(database.column("SELECT audit_moment() >= date_trunc('hour', now()) + interval '1 hour'"))
                .containsExactly("t");
    }

    @Test
    void partitionThatIsDroppedBeforeItsTime_isNamed_whateverTheLogSays() {
        splitOffOldPartition();
        asAttacker("TRUNCATE audit_log, audit_seals");
        long row = action(partitionEnd.plusSeconds(1).plus(Duration.ofDays(10)), "republish");
        keep.keep(now);
        asAttacker("DELETE FROM audit_log", "INSERT INTO audit_log (actor_kind, actor, way, action, target) VALUES "
                + "('system', 'retention', 'system', 'forget_audit_log', '2100-01-01T00:00:00Z')");

        assertThat(verify.verify().findings()).extracting(Finding::wrong, Finding::rowId)
                .containsExactly(tuple(Wrong.ROW_MISSING, row));
    }

    @Test
    void removedSeal_isNamed() {
        asAttacker("DELETE FROM audit_seals WHERE hour = (SELECT min(hour) FROM audit_seals)");

        assertThat(verify.verify().findings()).extracting(Finding::wrong)
                .containsExactly(Wrong.SEAL_CHANGED, Wrong.HOUR_NOT_SEALED);
    }

    @Test
    void otherReasonThanRecorded_isNamed_andAnErasedOneIsNot() {
        personal(first, "because of a test");
        assertThat(verify.verify().findings()).extracting(Finding::wrong, Finding::rowId)
                .containsExactly(tuple(Wrong.PERSONAL_VALUE_CHANGED, first));

        database.execute("DELETE FROM audit_personal WHERE id = ?", first);

        assertThat(verify.verify().intact()).isTrue();
    }

    @Test
    void rowsOfADroppedPartition_areNotMissing_andWhatWasKeptIsStillVerified() {
        splitOffOldPartition();
        asAttacker("TRUNCATE audit_log, audit_seals");
        action(old, "republish");
        long kept = action(recent, "reconcile");

        keep.keep(now); // seals
        keep.keep(now); // drops

        assertThat(database.number("SELECT count(*) FROM audit_log WHERE at < ?::timestamptz", old.plusSeconds(1)
                .toString())).isZero();
        Verification found = verify.verify();
        assertThat(found.findings()).isEmpty();
        assertThat(found.droppedUntil()).isEqualTo(Rfc3339.format(partitionEnd));
        assertThat(found.seals()).isGreaterThan(24 * 44);

        asAttacker("UPDATE audit_log SET action = 'republish' WHERE id = " + kept);
        assertThat(verify.verify().findings()).extracting(Finding::wrong, Finding::rowId)
                .containsExactly(tuple(Wrong.ROW_CHANGED, kept));

        asAttacker("UPDATE audit_seals SET digests = '' WHERE hour = '" + old + "'");
        assertThat(verify.verify().findings()).extracting(Finding::wrong).contains(Wrong.SEAL_CHANGED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"UPDATE audit_log SET result = 'x'", "DELETE FROM audit_log", "TRUNCATE audit_log",
            "UPDATE audit_log_first SET result = 'x'", "DELETE FROM audit_log_first",
            "UPDATE audit_seals SET rows = 0", "DELETE FROM audit_seals", "TRUNCATE audit_seals"})
    void rowsAndSeals_cannotBeChangedOrDeleted(String sql) {
        assertThatThrownBy(() -> database.execute(sql)).hasMessageContaining("are never changed or deleted");
    }

    /// A transaction that has added a row and goes on: nobody waits for it but the seal of that hour.
    @Test
    void twentyWritersOfOneOrganization_doNotWaitForEachOther() throws SQLException {
        List<Connection> writers = new ArrayList<>();
        try {
            for (int i = 0; i < 20; i++) {
                Connection writer = database.connect();
                writers.add(writer);
                writer.setAutoCommit(false);
                try (Statement statement = writer.createStatement()) {
                    statement.execute("SET LOCAL lock_timeout = '1s'");
                    statement.execute("INSERT INTO audit_log (actor_kind, actor, way, organization, action) "
                            + "VALUES ('operator', 'usr_ops', 'api', 'org-many', 'reconcile')");
                }
            }
            for (Connection writer : writers) {
                writer.commit();
            }
        } finally {
            for (Connection writer : writers) {
                writer.close();
            }
        }

        assertThat(database.number("SELECT count(*) FROM audit_log WHERE organization = 'org-many'")).isEqualTo(20);
    }

    private static long action(Instant at, String action) {
        return Long.parseLong(database.column("INSERT INTO audit_log (at, actor_kind, actor, way, action, target) "
                + "VALUES (?::timestamptz, 'operator', 'usr_ops', 'api', ?, 'evt') RETURNING id", at.toString(), action)
                .getFirst());
    }

    private static void personal(long row, String reason) {
        database.execute(
                "INSERT INTO audit_personal (id, field, salt, value) "
                        + "VALUES (?, 'reason', decode(repeat('00', 16), 'hex'), ?)",
                row,
                reason);
    }

    /// With what protects the tables switched off.
    private static void asAttacker(String... statements) {
        try (Connection connection = database.connect(); Statement statement = connection.createStatement()) {
            statement.execute("SET session_replication_role = replica");
            for (String sql : statements) {
                statement.execute(sql);
            }
        } catch (SQLException failure) {
            throw new IllegalStateException(failure);
        }
    }

    private void splitOffOldPartition() {
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
}
