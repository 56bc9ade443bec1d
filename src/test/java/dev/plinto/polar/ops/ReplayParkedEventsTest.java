package dev.plinto.polar.ops;

import static dev.plinto.polar.testing.Operator.encoded;
import static dev.plinto.polar.testing.Operator.json;
import static dev.plinto.polar.testing.ProblemDocument.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.plinto.polar.testing.AsOperator;
import dev.plinto.polar.testing.LogLines;
import dev.plinto.polar.testing.ParkedRows;
import dev.plinto.polar.testing.ReceivedTopic;
import dev.plinto.polar.testing.SandboxStack;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Operators replay one parked event, or all of a reason or type.
@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
class ReplayParkedEventsTest extends AsOperator {

    private final ParkedRows parked = new ParkedRows();
    private final LogLines log = LogLines.of(ParkedEvents.class);

    @AfterEach
    void tidyUp() {
        log.close();
        parked.forget();
    }

    @Test
    void replay_countsAnAttemptIfItFails_andUnparksIfItSucceeds() {
        String subscription = "sub-" + UUID.randomUUID();
        database.execute("ALTER TABLE subscriptions ADD CONSTRAINT surprise CHECK (id <> '" + subscription + "')");
        String id;
        List<String> first;
        try {
            id = deliver("""
                    {"type":"subscription.updated","timestamp":"2026-10-01T08:00:00Z",
                     "data":{"id":"%s","customer_id":"c-%s","status":"active","metadata":{}}}
                    """.formatted(subscription, subscription));
            parked.awaitAttempts(id, 1);
            first = times(id);

            assertThat(json(operator.post("parked/" + id + "/replay")).toString())
                    .isEqualTo("{\"replayed\":1,\"payload_gone\":0}");
            parked.awaitAttempts(id, 2);
        } finally {
            database.execute("ALTER TABLE subscriptions DROP CONSTRAINT surprise");
        }
        assertThat(times(id).getFirst()).as("first failed").isEqualTo(first.getFirst());
        assertThat(times(id).get(1)).as("last failed").isGreaterThan(first.get(1));

        assertThat(operator.post("parked/" + id + "/replay").statusCode()).isEqualTo(202);

        parked.awaitAttempts(id, 0);
        assertThat(database.rows("SELECT outcome, origin, received_at::text FROM inbox WHERE webhook_id = ?", id))
                .containsExactly(List.of("applied", "replay", first.get(2)));
        assertThat(ReceivedTopic.headers(ReceivedTopic.record(id))).containsEntry("origin", "replay");
        assertThat(log.lines()).hasSize(2)
                .containsOnly("INFO Operator usr_ops replayed 1 parked events (" + id + ")");
    }

    @Test
    void eventThatIsParkedAndApplied_isUnparkedByItsReplay() {
        String id = deliver("{\"type\":\"organization.updated\",\"timestamp\":\"2026-10-01T08:00:00Z\",\"data\":{}}");
        await().atMost(PATIENCE).until(
                () -> database.number("SELECT count(*) FROM inbox WHERE webhook_id = ?", id) == 1);
        database.execute("INSERT INTO parked (webhook_id, type, reason, detail, received_at, origin, body) "
                + "SELECT webhook_id, ?, 'failed', 'by a replica that was suspended', received_at, 'webhook', body "
                + "FROM payloads WHERE webhook_id = ?", parked.type(), id);

        assertThat(operator.post("parked/replay?type=" + parked.type()).statusCode()).isEqualTo(202);

        parked.awaitAttempts(id, 0);
    }

    @Test
    void replayOfATypeAndReason_replaysAllOfThem_andNoOthers() {
        int many = 2 * ReplayEvents.BATCH + 5;
        IntStream.range(0, many).forEach(i -> parked.park("malformed", i, parked.body()));
        String other = parked.park("failed", 1, parked.body());

        HttpResponse<String> answer = operator.post("parked/replay?reason=malformed&type=" + parked.type());

        assertThat(answer.statusCode()).isEqualTo(202);
        assertThat(json(answer).toString()).isEqualTo("{\"replayed\":" + many + ",\"payload_gone\":0}");
        parked.awaitIds(List.of(other));
        assertThat(log.lines()).containsExactly("INFO Operator usr_ops replayed " + many
                + " parked events (reason malformed, type " + parked.type() + ")");

        assertThat(json(operator.post("parked/replay?type=" + parked.type())).toString())
                .isEqualTo("{\"replayed\":1,\"payload_gone\":0}");
        parked.awaitIds(List.of());
    }

    @Test
    void webhookIdWithReservedUrlCharacters_isFound() {
        String id = "a/b c?d=%2F&e#f+" + UUID.randomUUID();
        parked.park(id, "failed", 1, parked.body());

        assertThat(json(operator.get("parked/" + encoded(id))).path("webhook_id").textValue()).isEqualTo(id);
        assertThat(operator.post("parked/" + encoded(id) + "/replay").statusCode()).isEqualTo(202);
        parked.awaitAttempts(id, 0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "%00", "%E2%82%AC"})
    void eventThatIsNotParked_isNotFound(String id) {
        assertProblem(operator.get("parked/" + id), 404, "not-parked");
        assertProblem(operator.post("parked/" + id + "/replay"), 404, "not-parked");
    }

    @ParameterizedTest
    @ValueSource(strings = {"?type=", "?reason=", "?reason=&type=x", "?type=&reason=failed"})
    void emptyParameter_doesNotWidenTheReplay(String query) {
        assertProblem(operator.post("parked/replay" + query), 400, "parameter-invalid");
    }

    @Test
    void replayWithoutParameters_isRefused() {
        assertProblem(operator.post("parked/replay"), 400, "parameter-missing");
        assertThat(log.lines()).isEmpty();
    }

    /// Times of the first and the last failure, and of receipt.
    private List<String> times(String webhookId) {
        return database.rows("SELECT first_failed_at::text, last_failed_at::text, received_at::text FROM parked "
                + "WHERE webhook_id = ?", webhookId).getFirst();
    }
}
