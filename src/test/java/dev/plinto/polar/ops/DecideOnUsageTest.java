package dev.plinto.polar.ops;

import static dev.plinto.polar.testing.Operator.json;
import static dev.plinto.polar.testing.ProblemDocument.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plinto.polar.testing.AsOperator;
import dev.plinto.polar.testing.LogLines;
import dev.plinto.polar.testing.OpenApi;
import dev.plinto.polar.testing.Operator;
import dev.plinto.polar.testing.SandboxStack;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Operators decide on the usage that Polar refuses, by the API and in the console.
@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
class DecideOnUsageTest extends AsOperator {

    private static final String WHY = "{\"reason\":\"the unit does not exist\"}";

    private final String organization = "refused-" + UUID.randomUUID();

    @AfterEach
    void forget() {
        database.execute("DELETE FROM usage_events WHERE starts_with(organization, ?)", organization);
        database.execute("DELETE FROM usage_sent WHERE organization = ?", organization);
    }

    @Test
    void parkedUsage_isListedByPages_ofAllOrOfOneOrganization() {
        List<String> ids = IntStream.range(0, 5).mapToObj(n -> park(organization, 10 - n)).toList();
        String other = park(organization + "-other", 1);

        JsonNode first = json(operator.get("usage/parked?limit=3&organization_id=" + organization));
        JsonNode second = json(operator.get("usage/parked?limit=3&organization_id=" + organization + "&after="
                + first.get("next").textValue()));

        List<String> listed = new ArrayList<>(first.path("items").findValuesAsText("id"));
        listed.addAll(second.path("items").findValuesAsText("id"));
        assertThat(listed).containsExactlyElementsOf(ids);
        assertThat(second.get("next").isNull()).isTrue();
        JsonNode event = first.at("/items/0");
        assertThat(event.get("quantity").decimalValue()).isEqualByComparingTo("1.5");
        assertThat(event.get("reason").textValue()).isEqualTo("metadata: wrong");
        assertThat(event.get("idempotency_key").textValue()).isEqualTo("k");
        assertThat(event.toString()).doesNotContain("secret");
        assertThat(json(operator.get("usage/parked?limit=500")).path("items").findValuesAsText("id"))
                .containsAll(ids).contains(other);
        assertProblem(operator.get("usage/parked?after=" + Operator.encoded("x")), 400, "parameter-invalid");
    }

    @Test
    void replayedEvent_isToBeSentAgain_andIsAudited() {
        String id = park(organization, 5);
        String other = park(organization, 4);

        assertThat(json(operator.post("usage/parked/" + id + "/replay")).toString()).isEqualTo("{\"replayed\":1}");

        assertThat(parked(organization)).containsExactly(other);
        assertThat(database.rows("SELECT reason FROM usage_events WHERE id = ?::uuid", id))
                .containsExactly(Arrays.asList((String) null));
        assertProblem(operator.post("usage/parked/" + id + "/replay"), 404, "not-parked");
        assertProblem(operator.post("usage/parked/none/replay"), 404, "not-parked");
        assertThat(audited("replay_usage", id)).extracting(entry -> entry.get("result").textValue())
                .containsExactlyInAnyOrder("1 event", "not done: No event with this id is parked");
    }

    @Test
    void allOfAnOrganization_areReplayed_orDiscarded_andNoOthers() {
        parkMany(1_200);
        String other = park(organization + "-other", 1);

        assertThat(json(operator.post("usage/parked/replay?organization_id=" + organization)).toString())
                .isEqualTo("{\"replayed\":1200}");
        assertThat(parked(organization)).isEmpty();
        park(organization, 5);
        park(organization, 5);
        HttpResponse<String> discarded = operator.post("usage/parked/discard?organization_id=" + organization, WHY);

        assertThat(json(discarded).toString()).isEqualTo("{\"discarded\":2}");
        assertThat(parked(organization)).isEmpty();
        assertThat(parked(organization + "-other")).containsExactly(other);
        JsonNode entry = audited("discard_usage", "all parked usage").getFirst();
        assertThat(entry.get("reason").textValue()).isEqualTo("the unit does not exist");
        assertThat(entry.get("organization").textValue()).isEqualTo(organization);
        assertProblem(operator.post("usage/parked/replay"), 400, "parameter-missing");
        assertProblem(operator.post("usage/parked/discard?organization_id=" + organization, "{}"), 400,
                "parameter-missing");
    }

    /// Another transaction holds the event that comes last, in the third batch.
    @ParameterizedTest
    @CsvSource({"replay, replayed", "discard, discarded"})
    void callThatIsGivenUp_saysHowFarItCame(String call, String done) throws SQLException {
        parkMany(1_200);
        String last = park(organization, 1);
        String path = "usage/parked/" + call + "?organization_id=" + organization;
        HttpResponse<String> answer;
        try (LogLines log = LogLines.of(DecideOnUsage.class);
                Connection other = database.connect();
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute("SELECT FROM usage_events WHERE id = '" + last + "' FOR UPDATE");

            answer = operator.post(path, WHY);

            assertThat(log.lines()).containsExactly("INFO Operator usr_ops " + done
                    + " 1000 parked events of usage (all parked usage), then the database did not answer");
        }
        assertProblem(answer, 503, call + "-incomplete");
        assertThat(new OpenApi().faults("POST /api/v1/polar/ops/usage/parked/" + call, answer)).isEmpty();
        assertThat(json(answer).get("detail").textValue()).contains("At least 1000 events were " + done + ".");
        assertThat(answer.headers().firstValue("retry-after")).hasValue("5");
        assertThat(database.column("SELECT result FROM audit_log WHERE begun = (SELECT id FROM audit_log "
                + "WHERE organization = ?)", organization))
                .containsExactly("not done: At least 1000 events were " + done + ", not all");
        assertThat(parked(organization)).hasSize(201);
        assertThat(json(operator.post(path, WHY)).toString()).isEqualTo("{\"" + done + "\":201}");
    }

    @Test
    void console_listsReplaysAndDiscards() {
        String replayed = park(organization, 5);
        String discarded = park(organization, 4);
        assertThat(visitor.get("/ops/usage?organization_id=" + organization).body()).contains(replayed, discarded,
                "metadata: wrong", "1.5", "Replay all of these…", "this cannot be undone").doesNotContain("secret");

        HttpResponse<String> done = visitor.post("/ops/usage/replay",
                Map.of("id", replayed, "form", visitor.formToken()), "sec-fetch-site", "same-origin");
        assertThat(visitor.get(done.headers().firstValue("location").orElseThrow()).body())
                .contains("1 replayed: sent to Polar again.");
        assertThat(visitor.post("/ops/usage/discard", Map.of("id", discarded, "form", visitor.formToken()),
                "sec-fetch-site", "same-origin").statusCode()).as("no reason").isEqualTo(400);
        done = visitor.post("/ops/usage/discard", Map.of("organization_id", organization, "why", "a unit of none",
                "form", visitor.formToken()), "sec-fetch-site", "same-origin");

        assertThat(visitor.get(done.headers().firstValue("location").orElseThrow()).body()).contains("1 discarded");
        assertThat(parked(organization)).isEmpty();
        assertThat(visitor.get("/ops/audit").body()).contains("discard_usage", "a unit of none");
        assertThat(visitor.post("/ops/usage/replay", Map.of("id", discarded, "form", "x"), "sec-fetch-site",
                "same-origin").body()).contains("The form is not from this console");
    }

    @Test
    void account_showsItsUsage() {
        assertThat(json(operator.get("accounts/" + organization)).get("usage").toString()).isEqualTo(
                "{\"pending\":0,\"not_billable\":0,\"parked\":0,\"oldest_pending_at\":null,\"last_sent_at\":null}");
        park(organization, 5);
        database.execute("""
                INSERT INTO usage_events (organization, id, key, event_name, quantity, occurred_at, due_at)
                SELECT ?, gen_random_uuid(), 'k', 'call', 1, now(), now() + n * interval '1 hour'
                FROM generate_series(1, 3) AS n
                """, organization);
        database.execute("INSERT INTO usage_sent (organization, event_name, quantity, events, sent_at) "
                + "VALUES (?, 'call', 1, 1, '2026-11-30T09:05:01Z')", organization);

        JsonNode usage = json(operator.get("accounts/" + organization)).get("usage");
        String page = visitor.get("/ops/accounts?account=" + organization).body();

        assertThat(usage.get("pending").asInt() + usage.get("not_billable").asInt()).isEqualTo(3);
        assertThat(usage.get("parked").asInt()).isOne();
        assertThat(usage.get("last_sent_at").textValue()).isEqualTo("2026-11-30T09:05:01.000000Z");
        assertThat(page).contains("It has used something, but no subscription and no grant is known", "1 parked",
                "/ops/usage?organization_id=" + organization, "Mon 30 Nov 2026, 09:05:01 UTC");
    }

    private String park(String organization, int minutesAgo) {
        String id = UUID.randomUUID().toString();
        database.execute("""
                INSERT INTO usage_events (organization, id, key, event_name, quantity, properties, occurred_at, due_at,
                                          state, reason)
                SELECT ?, ?::uuid, 'k', 'call', 1.5, '{"secret":1}', at, at, 'parked', 'metadata: wrong'
                FROM (SELECT now() - ? * interval '1 minute' AS at) AS given
                """, organization, id, minutesAgo);
        return id;
    }

    private void parkMany(int events) {
        database.execute("""
                INSERT INTO usage_events (organization, id, key, event_name, quantity, occurred_at, due_at, state,
                                          reason)
                SELECT ?, gen_random_uuid(), 'k', 'call', 1, now(), now() - interval '1 hour', 'parked', 'wrong'
                FROM generate_series(1, ?)
                """, organization, events);
    }

    private List<String> parked(String organization) {
        return database.column("SELECT id FROM usage_events WHERE state = 'parked' AND organization = ?",
                organization);
    }

    private List<JsonNode> audited(String action, String target) {
        return json(operator.get("audit?action=" + action + "&target=" + Operator.encoded(target))).path("items")
                .valueStream().toList();
    }
}
