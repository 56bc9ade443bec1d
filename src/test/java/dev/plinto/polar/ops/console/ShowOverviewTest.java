package dev.plinto.polar.ops.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.plinto.polar.testing.AsOperator;
import dev.plinto.polar.testing.SandboxStack;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.UUID;
import org.junit.jupiter.api.Test;

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
