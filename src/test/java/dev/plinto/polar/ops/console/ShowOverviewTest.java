package dev.plinto.polar.ops.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.plinto.polar.testing.AsOperator;
import dev.plinto.polar.testing.SandboxStack;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The console's first page.
@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
class ShowOverviewTest extends AsOperator {

    @Test
    void overview_statesWhatIsWrong() {
        String id = "overview-" + UUID.randomUUID();
        database.execute("INSERT INTO parked (webhook_id, type, reason, detail, received_at, origin, body) "
                + "VALUES (?, 'test.type', 'failed', 'for a test', now(), 'webhook', '\\x00')", id);
        try {
            assertThat(visitor.get("/ops").body())
                    .contains("could not be applied.", "href=\"/ops/parked?reason=failed\"")
                    .doesNotContain("All is well");
        } finally {
            database.execute("DELETE FROM parked WHERE webhook_id = ?", id);
        }
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(visitor.get("/ops").body()).contains("Partitions of"));
    }

    /// The service leaves alone what the test holds.
    @ParameterizedTest
    @CsvSource({"pending, 11, true, false", "pending, 9, false, false", "parked, 11, false, true"})
    void overview_statesUsageThatIsNotSent_andUsageThatPolarRefuses(String state, int minutes, boolean isLate,
            boolean isRefused) throws SQLException {
        String id = "overview-" + UUID.randomUUID();
        try (Connection other = database.connect(); Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute("""
                    INSERT INTO usage_events (organization, id, key, event_name, quantity, occurred_at, due_at, state,
                                              reason)
                    SELECT '%s', gen_random_uuid(), 'k', 'call', 1, at, at, state,
                           CASE WHEN state = 'parked' THEN 'wrong' END
                    FROM (SELECT clock_timestamp() - %d * interval '1 minute' AS at, '%s' AS state) AS given
                    """.formatted(id, minutes, state));
            other.commit();
            statement.execute("SELECT FROM usage_events WHERE organization = '" + id + "' FOR UPDATE");

            String page = visitor.get("/ops").body();

            assertThat(page.contains("could have been sent to Polar 11 min")).isEqualTo(isLate);
            assertThat(page.contains("Polar refuses 1 event of usage")).isEqualTo(isRefused);
            assertThat(page.contains("href=\"/ops/usage\">Show details")).isEqualTo(isRefused);
            assertThat(page).contains("sent to Polar</dt><dd>"
                    + (state.equals("pending") ? minutes + " min" : "none waiting"));
        } finally {
            database.execute("DELETE FROM usage_events WHERE organization = ?", id);
        }
    }

    /// Clocks differ: an event may be handled before it was received, by another clock.
    @Test
    void overview_showsNoNegativeTime_andReportsLateEvents() {
        String run = UUID.randomUUID().toString();
        String events = "INSERT INTO inbox (webhook_id, type, outcome, moment, received_at, projected_at, origin) "
                + "SELECT ? || n, 'order.paid', 'applied', now(), now() + ?::interval, now() + interval '1 s', "
                + "'webhook' FROM generate_series(1, 1000) AS n";
        try {
            database.execute(events, run, "1400 ms");
            assertThat(visitor.get("/ops").body()).contains("median of the last hour</dt><dd>0 ms<")
                    .doesNotContain("decided late");

            database.execute("UPDATE inbox SET received_at = now() - interval '100 s' WHERE starts_with(webhook_id, ?)",
                    run);
            assertThat(visitor.get("/ops").body()).contains("Access was decided late within the last hour");
        } finally {
            database.execute("DELETE FROM inbox WHERE starts_with(webhook_id, ?)", run);
        }
    }
}
