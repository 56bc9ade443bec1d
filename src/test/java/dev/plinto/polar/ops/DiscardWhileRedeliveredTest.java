package dev.plinto.polar.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.plinto.polar.testing.AsOperator;
import dev.plinto.polar.testing.MetricsDelta;
import dev.plinto.polar.testing.Operator;
import dev.plinto.polar.testing.ParkedRows;
import dev.plinto.polar.testing.SandboxStack;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.Statement;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// An event is discarded while a redelivery of it is projected. It ends as one row, in one state.
@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
class DiscardWhileRedeliveredTest extends AsOperator {

    private static final String WHY = "{\"reason\":\"sent by a test of ours\"}";
    private static final String MALFORMED = "{\"type\":\"order.paid\",\"data\":{\"id\":1}}";
    private static final String CONSTRAINED = "{\"type\":\"subscription.updated\","
            + "\"timestamp\":\"2026-10-01T08:00:00Z\","
            + "\"data\":{\"id\":\"refused\",\"customer_id\":\"c\",\"status\":\"active\",\"metadata\":{}}}";
    private final ParkedRows parked = new ParkedRows();
    private final String id = "redelivered-" + UUID.randomUUID();

    /// A third transaction holds the id in the inbox, so that the discard is not committed before the projection waits
    /// for it.
    @ParameterizedTest
    @ValueSource(strings = {MALFORMED, CONSTRAINED})
    void redeliveryThatFailsAgain_isARepeat(String body) throws Exception {
        database.execute("ALTER TABLE subscriptions ADD CONSTRAINT surprise CHECK (id <> 'refused')");
        try {
            deliver(id, body);
            parked.awaitAttempts(id, 1);
            MetricsDelta metrics = MetricsDelta.whenIdle(service);
            CompletableFuture<HttpResponse<String>> discard;
            try (Connection third = database.connect(); Statement statement = third.createStatement()) {
                third.setAutoCommit(false);
                statement.execute("INSERT INTO inbox (webhook_id, type, outcome, received_at, origin) VALUES ('" + id
                        + "', 'test.type', 'applied', now(), 'webhook')");
                discard = CompletableFuture.supplyAsync(
                        () -> new Operator(service, "usr_ops").post("parked/" + id + "/discard", WHY));
                awaitWaiting("DELETE FROM parked");
                deliver(id, body);
                awaitWaiting("INSERT INTO parked");
                third.rollback();
            }
            assertThat(discard.join().statusCode()).isEqualTo(200);
            metrics.awaitIncrease(1, "polar_events_projected_total", "outcome=duplicate");
        } finally {
            database.execute("ALTER TABLE subscriptions DROP CONSTRAINT surprise");
        }
        assertThat(database.column("SELECT outcome FROM inbox WHERE webhook_id = ?", id)).containsExactly("discarded");
        assertThat(database.column("SELECT reason FROM parked WHERE webhook_id = ?", id)).isEmpty();
    }

    /// The projection has removed the parked row, and waits for the third transaction.
    @Test
    void redeliveryThatIsApplied_isNotDiscarded() throws Exception {
        String body = "{\"type\":\"" + parked.type() + "\",\"data\":{}}";
        parked.park(id, "failed", 1, body);
        CompletableFuture<HttpResponse<String>> discard;
        try (Connection third = database.connect(); Statement statement = third.createStatement()) {
            third.setAutoCommit(false);
            statement.execute("INSERT INTO inbox (webhook_id, type, outcome, received_at, origin) VALUES ('" + id
                    + "', 'test.type', 'applied', now(), 'webhook')");
            deliver(id, body);
            awaitWaiting("INSERT INTO inbox");
            discard = CompletableFuture.supplyAsync(
                    () -> new Operator(service, "usr_ops").post("parked/" + id + "/discard", WHY));
            awaitWaiting("DELETE FROM parked");
            third.rollback();
        }
        assertThat(discard.join().statusCode()).isEqualTo(404);
        assertThat(database.column("SELECT outcome FROM inbox WHERE webhook_id = ?", id))
                .containsExactly("unknown_type");
        assertThat(parked.ids()).isEmpty();
    }

    private void awaitWaiting(String statement) {
        await().atMost(PATIENCE).until(() -> database.number("SELECT count(*) FROM pg_stat_activity "
                + "WHERE wait_event_type = 'Lock' AND pid <> pg_backend_pid() AND position(? IN query) > 0",
                statement) == 1);
    }
}
