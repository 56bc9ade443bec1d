package dev.plinto.polar.ops;

import static dev.plinto.polar.testing.Operator.json;
import static dev.plinto.polar.testing.ProblemDocument.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.plinto.polar.testing.AsOperator;
import dev.plinto.polar.testing.LogLines;
import dev.plinto.polar.testing.OpenApi;
import dev.plinto.polar.testing.ParkedRows;
import dev.plinto.polar.testing.SandboxStack;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// A discard answers in time, and nothing is discarded after the answer. Another transaction holds a row.
@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
class DiscardInTimeTest extends AsOperator {

    private static final String WHY = "{\"reason\":\"sent by a test of ours\"}";
    private final ParkedRows parked = new ParkedRows();
    private final LogLines log = LogLines.of(DiscardParkedEvents.class);

    @AfterEach
    void tidyUp() {
        log.close();
        parked.forget();
    }

    @Test
    void discardThatIsGivenUp_discardsNothingLater() throws SQLException {
        String id = parked.park("failed");
        HttpResponse<String> answer;
        try (Connection other = database.connect(); Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute("SELECT FROM parked WHERE webhook_id = '" + id + "' FOR UPDATE");

            answer = operator.post("parked/" + id + "/discard", WHY);
        }
        await().atMost(PATIENCE).until(() -> unfinished() == 0);

        assertProblem(answer, 503, "database-unavailable");
        assertThat(parked.ids()).containsExactly(id);
        assertThat(operator.post("parked/" + id + "/discard", WHY).statusCode()).isEqualTo(200);
    }

    /// Two of the bodies are more than one transaction takes.
    @Test
    void selectionThatIsGivenUp_saysWhatIsDiscarded_andDiscardsNothingLater() throws SQLException {
        for (int hoursAgo : List.of(3, 2, 1)) {
            parked.park("failed", hoursAgo, "x".repeat(4_000_000 + 500_000));
        }
        String last = parked.ids().getLast();
        HttpResponse<String> answer;
        try (Connection other = database.connect(); Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute("SELECT FROM parked WHERE webhook_id = '" + last + "' FOR UPDATE");

            answer = operator.post("parked/discard?type=" + parked.type(), WHY);
        }
        await().atMost(PATIENCE).until(() -> unfinished() == 0);

        assertProblem(answer, 503, "discard-incomplete");
        assertThat(new OpenApi().faults("POST /api/v1/polar/ops/parked/discard", answer)).isEmpty();
        assertThat(json(answer).get("detail").textValue()).contains("At least 2 events were discarded.");
        assertThat(answer.headers().firstValue("retry-after")).hasValue("5");
        assertThat(parked.ids()).containsExactly(last);
        assertThat(log.lines()).containsExactly("INFO Operator usr_ops discarded 2 parked events (any reason, type "
                + parked.type() + "), then the database did not answer");
        assertThat(database.column("SELECT result FROM audit_log WHERE begun = (SELECT id FROM audit_log "
                + "WHERE target LIKE ?)", "%" + parked.type()))
                .containsExactly("not done: At least 2 events were discarded, not all");
        assertThat(json(operator.post("parked/discard?type=" + parked.type(), WHY)).toString())
                .isEqualTo("{\"discarded\":1}");
    }

    @Test
    void selectionOfMany_isDiscarded_withoutWhatIsParkedMeanwhile() throws Exception {
        parked.parkMany("failed", 1_200);
        String last = parked.ids().getLast();
        CompletableFuture<HttpResponse<String>> answer;
        String meanwhile;
        try (Connection other = database.connect(); Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute("SELECT FROM parked WHERE webhook_id = '" + last + "' FOR UPDATE");
            answer = CompletableFuture
                    .supplyAsync(() -> operator.post("parked/discard?type=" + parked.type(), WHY));
            await().atMost(PATIENCE).until(() -> parked.ids().size() == 200);
            meanwhile = parked.park("failed", -1, parked.body());
        }

        assertThat(json(answer.join()).toString()).isEqualTo("{\"discarded\":1200}");
        assertThat(parked.ids()).containsExactly(meanwhile);
    }

    private long unfinished() {
        return database.number("SELECT count(*) FROM pg_stat_activity WHERE state <> 'idle' "
                + "AND query LIKE '%DELETE FROM parked%' AND pid <> pg_backend_pid()");
    }
}
