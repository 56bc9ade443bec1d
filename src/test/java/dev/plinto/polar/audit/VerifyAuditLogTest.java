package dev.plinto.polar.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.plinto.polar.Rfc3339;
import dev.plinto.polar.audit.Verification.Finding;
import dev.plinto.polar.audit.Verification.Wrong;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What somebody who may write SQL does to rows and their personal values is found.
class VerifyAuditLogTest extends SealedLog {

    @Test
    void untouchedLog_isIntact() {
        Verification found = verify();

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

        assertThat(verify().findings()).extracting(Finding::wrong, Finding::rowId)
                .containsExactly(tuple(wrong, first));
    }

    @Test
    void insertedRow_isNamed() {
        long inserted = action(recent.plusSeconds(2), "reconcile");

        assertThat(verify().findings()).extracting(Finding::wrong, Finding::rowId)
                .containsExactly(tuple(Wrong.ROW_ADDED, inserted));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void exchangedRows_areNamed_withinAnHourAndAcross(int distance) {
        long second = first + distance;
        asAttacker("UPDATE audit_log SET id = CASE id WHEN %1$d THEN %2$d ELSE %1$d END WHERE id IN (%1$d, %2$d)"
                .formatted(first, second));

        assertThat(verify().findings()).extracting(Finding::rowId).contains(first, second);
    }

    @Test
    void rowWithTheIdOfAnother_isNamed() {
        asAttacker(
                "INSERT INTO audit_log SELECT id, at - interval '1 ms', begun, actor_kind, 'usr_forged', actor_sha256, "
                        + "way, request_id, organization, action, target FROM audit_log WHERE id = " + (first + 1));

        assertThat(verify().findings()).extracting(Finding::wrong, Finding::rowId)
                .containsExactly(tuple(Wrong.ROW_ADDED, first + 1));
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "INSERT INTO audit_log (id, begun, result) VALUES (1, %1$d, 'done'), (%1$d + 10000, %1$d, 'not done')",
            "INSERT INTO audit_log (id, actor_kind, actor, way, action) "
                    + "VALUES (%1$d + 10000, 'operator', 'usr_forged', 'api', 'reconcile'), "
                    + "(%1$d + 10000, 'operator', 'usr_forged', 'api', 'republish')"})
    void secondResultOrId_isNamed_alsoInAnHourThatIsNotSealed(String sql) {
        asAttacker(sql.formatted(first));

        assertThat(verify().findings()).extracting(Finding::wrong, Finding::rowId)
                .containsExactly(tuple(Wrong.ROW_ADDED, first + 10_000));
    }

    @Test
    void rowThatIsOlderThanAnyHour_isNamed() {
        asAttacker("ALTER TABLE audit_log DROP CONSTRAINT audit_log_at_check");
        try {
            long forged = action(Instant.parse("1969-12-31T23:59:59Z"), "reconcile");

            assertThat(verify().findings()).extracting(Finding::wrong, Finding::rowId)
                    .containsExactly(tuple(Wrong.ROW_ADDED, forged));
        } finally {
            asAttacker("DELETE FROM audit_log WHERE at < '1970-01-01Z'",
                    "ALTER TABLE audit_log ADD CONSTRAINT audit_log_at_check "
                            + "CHECK (at >= '2020-01-01Z' AND at < '2200-01-01Z')");
        }
    }

    @Test
    void partialReason_isNotTheOneThatWasRecorded() {
        asAttacker("UPDATE audit_log SET reason_sha256 = sha256(decode(repeat('00', 16), 'hex') || 'never approved') "
                + "WHERE id = " + first, "TRUNCATE audit_seals, audit_chain",
                "ALTER TABLE audit_personal DROP CONSTRAINT IF EXISTS "
                        + "audit_personal_salt_check");
        keep.keep(now);
        personal(first, "never approved");
        assertThat(verify().intact()).isTrue();

        asAttacker("UPDATE audit_personal SET salt = salt || 'never ', value = 'approved' WHERE id = " + first);

        assertThat(verify().findings()).extracting(Finding::wrong)
                .containsExactly(Wrong.PERSONAL_VALUE_CHANGED);
        asAttacker("ALTER TABLE audit_personal ADD CONSTRAINT audit_personal_salt_check "
                + "CHECK (octet_length(salt) = 16) NOT VALID");
    }

    @Test
    void partitionThatIsDroppedBeforeItsTime_isNamed_whateverTheLogSays() {
        splitOffOldPartition();
        empty();
        long row = action(partitionEnd.plus(Duration.ofDays(10)), "republish");
        keep.keep(now);
        beginPartitionsAt(partitionEnd.plus(Duration.ofDays(20)));
        asAttacker("INSERT INTO audit_log (actor_kind, actor, way, action, target) VALUES "
                + "('system', 'retention', 'system', 'forget_audit_log', '2100-01-01T00:00:00Z')");

        assertThat(verify().findings()).extracting(Finding::wrong, Finding::rowId)
                .containsExactly(tuple(Wrong.ROW_MISSING, row));
    }

    @Test
    void otherReasonThanRecorded_isNamed_andAnErasedOneIsNot() {
        personal(first, "because of a test");
        assertThat(verify().findings()).extracting(Finding::wrong, Finding::rowId)
                .containsExactly(tuple(Wrong.PERSONAL_VALUE_CHANGED, first));

        database.execute("DELETE FROM audit_personal WHERE id = ?", first);

        assertThat(verify().intact()).isTrue();
    }

    @Test
    void rowsOfADroppedPartition_areNotMissing_andWhatWasKeptIsStillVerified() {
        splitOffOldPartition();
        asAttacker("TRUNCATE audit_log, audit_seals, audit_chain");
        action(old, "republish");
        long kept = action(recent, "reconcile");

        keep.keep(now); // seals
        keep.keep(now); // drops

        assertThat(database.number("SELECT count(*) FROM audit_log WHERE at < ?::timestamptz", old.plusSeconds(1)
                .toString())).isZero();
        Verification found = verify();
        assertThat(found.findings()).isEmpty();
        assertThat(found.droppedUntil()).isEqualTo(Rfc3339.format(partitionEnd));
        assertThat(found.seals()).isGreaterThan(24 * 44);

        asAttacker("UPDATE audit_log SET action = 'republish' WHERE id = " + kept);
        assertThat(verify().findings()).extracting(Finding::wrong, Finding::rowId)
                .containsExactly(tuple(Wrong.ROW_CHANGED, kept));

        asAttacker("UPDATE audit_seals SET digests = '' WHERE hour = '" + old + "'");
        assertThat(verify().findings()).extracting(Finding::wrong).contains(Wrong.SEAL_CHANGED);
    }

    @Test
    void rowThatIsAddedWhereRowsWereDropped_isNamed() {
        splitOffOldPartition();
        empty();
        action(old, "republish");
        action(recent, "reconcile");
        keep.keep(now); // seals
        keep.keep(now); // drops
        asAttacker("CREATE TABLE audit_log_default PARTITION OF audit_log DEFAULT",
                "CREATE TABLE audit_personal_default PARTITION OF audit_personal DEFAULT");
        try {
            long forged = action(old.plusSeconds(1), "reconcile");

            assertThat(verify().findings()).extracting(Finding::wrong, Finding::rowId)
                    .containsExactly(tuple(Wrong.ROW_ADDED, forged));
        } finally {
            asAttacker("DROP TABLE audit_log_default, audit_personal_default");
        }
    }

    @Test
    void valueWithoutARow_isNamed_unlessTheRowWasDropped() {
        personal(first + 1000, "of nobody");
        assertThat(verify().findings()).extracting(Finding::wrong, Finding::rowId)
                .containsExactly(tuple(Wrong.PERSONAL_VALUE_ORPHANED, first + 1000));

        splitOffOldPartition();
        seal(); // and drops the old partition
        personal(first + 1000, "of a row in the old one");
        asAttacker("UPDATE audit_personal SET at = '" + partitionEnd.plusSeconds(1) + "'");
        assertThat(verify().findings()).isEmpty();
    }

    @Test
    void partitionOfPersonalValuesThatIsDetached_isNamed() {
        String last = database.column("SELECT partition FROM partitions_of('audit_personal') ORDER BY upper_bound DESC")
                .getFirst();
        String bound = database.column("SELECT pg_get_expr(relpartbound, oid) FROM pg_class WHERE oid = ?::regclass",
                last).getFirst();
        asAttacker("ALTER TABLE audit_personal DETACH PARTITION " + last);
        try {
            assertThat(verify().findings()).singleElement().satisfies(found -> {
                assertThat(found.wrong()).isEqualTo(Wrong.PERSONAL_VALUES_DETACHED);
                assertThat(bound).contains("FROM ('" + String.valueOf(found.hour()).substring(0, 10));
            });
        } finally {
            asAttacker("ALTER TABLE audit_personal ATTACH PARTITION " + last + " " + bound);
        }
    }
}
