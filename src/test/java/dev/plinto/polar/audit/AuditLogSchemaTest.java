package dev.plinto.polar.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What the schema of the log refuses, to whoever has not switched its triggers off.
class AuditLogSchemaTest extends SealedLog {

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
    void clockThatIsSetBack_writesNoRowIntoASealedHour() {
        asAttacker("INSERT INTO audit_seals VALUES (date_trunc('hour', now()), 0, '', '')");

        assertThat(database.column("SELECT audit_moment() >= date_trunc('hour', now()) + interval '1 hour'"))
                .containsExactly("t");
    }

    @ParameterizedTest
    @ValueSource(strings = {"UPDATE audit_log SET result = 'x'", "DELETE FROM audit_log", "TRUNCATE audit_log",
            "UPDATE audit_log_first SET result = 'x'", "DELETE FROM audit_log_first", "TRUNCATE audit_log_first",
            "UPDATE audit_seals SET rows = 0", "DELETE FROM audit_seals", "TRUNCATE audit_seals",
            "UPDATE audit_chain SET seals = 0", "DELETE FROM audit_chain", "TRUNCATE audit_chain"})
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

    @Test
    void partitionThatIsAddedLater_cannotBeEmptied() {
        database.execute(
                "SELECT add_partitions('audit_log', '28 days', max(upper_bound)) FROM partitions_of('audit_log')");
        String added = database.column("SELECT partition FROM partitions_of('audit_log') ORDER BY upper_bound DESC")
                .getFirst();

        assertThatThrownBy(() -> database.execute("TRUNCATE " + added)).hasMessageContaining("are never changed");
    }

    @Test
    void secondResultOfAnAction_isRefused() {
        database.execute("INSERT INTO audit_log (begun, result) VALUES (?, 'done')", first);

        assertThatThrownBy(() -> database.execute("INSERT INTO audit_log (begun, result) VALUES (?, 'forged')", first))
                .hasMessageContaining("has a result");
    }
}
