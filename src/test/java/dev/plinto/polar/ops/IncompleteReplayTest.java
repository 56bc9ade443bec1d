package dev.plinto.polar.ops;

import static dev.plinto.polar.testing.Operator.json;
import static dev.plinto.polar.testing.ProblemDocument.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import dev.plinto.polar.ingress.RawTopic;
import dev.plinto.polar.ingress.ReceivedProviders;
import dev.plinto.polar.testing.AsOperator;
import dev.plinto.polar.testing.LogLines;
import dev.plinto.polar.testing.LoweredLimit;
import dev.plinto.polar.testing.OpenApi;
import dev.plinto.polar.testing.ParkedRows;
import dev.plinto.polar.testing.SandboxStack;
import dev.plinto.polar.testing.SignedDelivery;
import dev.plinto.polar.testing.SuspendedBroker;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusMock;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// A replay cannot publish all events: the broker is away, an event is too large, or has no body any more.
@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
class IncompleteReplayTest extends AsOperator {

    private final ParkedRows parked = new ParkedRows();
    private final LogLines log = LogLines.of(ParkedEvents.class);

    @Inject
    RawTopic rawTopic;

    @Inject
    ReceivedProviders providers;

    @AfterEach
    void tidyUp() {
        log.close();
        parked.forget();
    }

    /// So many that publishing pauses for a while: the next replay succeeds nevertheless. The first one gives up early,
    /// before the broker counts as dead: then its partitions would have no leader for a moment after it returns.
    @Test
    void replayWhileTheBrokerIsAway_reportsItsProgress_andLosesNothing() throws Exception {
        List<String> ids = parkSome();
        QuarkusMock.installMockForType(new ReplayEvents(rawTopic, providers, Duration.ofMillis(20)),
                ReplayEvents.class);

        SuspendedBroker suspended = new SuspendedBroker();
        try (suspended) {
            HttpResponse<String> answer = operator.post("parked/replay?type=" + parked.type());

            assertProblem(answer, 503, "replay-incomplete");
            assertThat(new OpenApi().faults("POST /api/v1/polar/ops/parked/replay", answer)).isEmpty();
            assertThat(json(answer).get("detail").textValue()).contains("The broker", "At least 0 events");
            assertThat(answer.headers().firstValue("retry-after")).hasValue("5");
            assertThat(log.lines()).containsExactly("INFO Operator usr_ops replayed 0 parked events (any reason, "
                    + "type " + parked.type() + "), then the broker did not answer");
            assertThat(ids).allSatisfy(id -> assertThat(parked.attempts(id)).isEqualTo(1));
        }
        QuarkusMock.installMockForType(new ReplayEvents(rawTopic, providers), ReplayEvents.class);
        parkSome();
        assertThat(operator.post("parked/replay?type=" + parked.type()).statusCode()).isEqualTo(202);
        parked.awaitIds(List.of());
    }

    @Test
    void eventThatTheTopicRefuses_isReported_andBlocksNoOther() {
        String large = parked.park("failed", 2,
                "{\"type\":\"" + parked.type() + "\",\"data\":\"" + "x".repeat(300_000) + "\"}");
        parked.park("failed", 1, parked.body());
        try (var limit = new LoweredLimit(SandboxStack.settings().get("kafka.bootstrap.servers"), 200_000)) {
            assertThat(limit).isNotNull();

            HttpResponse<String> answer = operator.post("parked/replay?type=" + parked.type());

            assertProblem(answer, 409, "replay-refused");
            assertThat(new OpenApi().faults("POST /api/v1/polar/ops/parked/replay", answer)).isEmpty();
            assertThat(json(answer).get("detail").textValue()).contains("1 larger than its max", ", 1 published");
            assertThat(log.lines()).containsExactly("INFO Operator usr_ops replayed 1 parked events (any reason, "
                    + "type " + parked.type() + "); the topic refused 1 as too large");
            parked.awaitIds(List.of(large));
        }
    }

    @Test
    void eventWithoutABody_isNotReplayed_andSaysSo() {
        String gone = parked.park("failed", 2, "");
        database.execute("UPDATE parked SET body_forgotten_at = now() WHERE webhook_id = ?", gone);

        assertThat(json(operator.get("parked/" + gone)).get("body_forgotten_at").textValue()).endsWith("Z");
        assertThat(json(operator.get("parked/" + gone)).get("body_sha256").isNull()).isTrue();
        assertProblem(operator.post("parked/" + gone + "/replay"), 409, "payload-gone");

        parked.park("failed", 1, parked.body());
        assertThat(json(operator.post("parked/replay?type=" + parked.type())).toString())
                .isEqualTo("{\"replayed\":1,\"payload_gone\":1}");
        parked.awaitIds(List.of(gone));
        assertThat(parked.attempts(gone)).isEqualTo(1);
    }

    /// A delivery is the body's way back.
    @Test
    void eventWithoutABody_thatIsDeliveredAgain_hasOneAgain() {
        String body = "{\"type\":\"order.paid\",\"data\":{\"id\":1}}";
        String id = deliver(body);
        parked.awaitAttempts(id, 1);
        database.execute("UPDATE parked SET body = '', body_forgotten_at = now(), "
                + "first_failed_at = now() - interval '100 days', type = ? WHERE webhook_id = ?",
                parked.type(), id);

        SignedDelivery.of(id, body.getBytes(StandardCharsets.UTF_8), Instant.now())
                .send(service.resolve("/api/v1/polar/webhooks"));

        parked.awaitAttempts(id, 2);
        assertThat(json(operator.get("parked/" + id)).get("body_forgotten_at").isNull()).isTrue();
        assertThat(database.number("SELECT count(*) FROM parked WHERE webhook_id = ? AND first_failed_at > now() - "
                + "interval '1 day'", id)).as("the retention of the new body begins anew").isOne();
        assertThat(json(operator.get("parked/" + id)).get("body_bytes").intValue()).isEqualTo(body.length());
        database.execute("DELETE FROM parked WHERE webhook_id = ?", id);
    }

    private List<String> parkSome() {
        return IntStream.range(0, 6).mapToObj(i -> parked.park("failed", i, parked.body())).toList();
    }
}
