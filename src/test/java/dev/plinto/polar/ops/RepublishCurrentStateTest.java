package dev.plinto.polar.ops;

import static dev.plinto.polar.testing.Operator.json;
import static dev.plinto.polar.testing.ProblemDocument.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plinto.polar.Topics;
import dev.plinto.polar.postgres.StoredJson;
import dev.plinto.polar.projection.ImpatientRepublish;
import dev.plinto.polar.projection.RepublishState;
import dev.plinto.polar.testing.Database;
import dev.plinto.polar.testing.EndState;
import dev.plinto.polar.testing.LogLines;
import dev.plinto.polar.testing.OpenApi;
import dev.plinto.polar.testing.Operator;
import dev.plinto.polar.testing.OwnThreads;
import dev.plinto.polar.testing.PlintoTokens;
import dev.plinto.polar.testing.SandboxStack;
import dev.plinto.polar.testing.TopicReader;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusMock;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.sqlclient.Pool;
import jakarta.inject.Inject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Through the real relay to the real topics. RepublishStateTest has the rules.
@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
class RepublishCurrentStateTest {

    private static final HttpClient HTTP = OwnThreads.httpClient();
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String CALL = "POST /api/v1/polar/ops/republish";

    private final Database database = Database.ofSandbox();
    private final String organization = "org-" + UUID.randomUUID();

    @TestHTTPResource("/")
    URI service;

    @Inject
    Pool pool;

    private Operator operator;

    @BeforeEach
    void signIn() {
        operator = new Operator(service, "usr_ops");
    }

    @Test
    void newVersions_reachTheTopics_andTheExplanationOfNowEqualsTheSet() throws Exception {
        String emptied = organization + "-emptied";
        trigger("purchase", organization);
        trigger("purchase", emptied);
        trigger("payment-failed", emptied);
        await().atMost(PATIENCE).until(() -> database.number("SELECT count(*) FROM accounts WHERE account = ? "
                + "AND json_array_length(published -> 'entitlements') = 0", emptied) == 1);
        awaitPublished();
        Map<String, Long> before = versions();

        try (LogLines log = LogLines.of(RepublishCurrentState.class)) {
            HttpResponse<String> answer = operator.post("republish?new_version=true");

            assertThat(answer.statusCode()).isEqualTo(200);
            JsonNode republished = json(answer);
            assertThat(republished.get("subscriptions").intValue() + republished.get("accounts").intValue())
                    .isEqualTo(before.size());
            assertThat(log.lines()).containsExactly(("INFO Operator usr_ops publishes current state again with new "
                    + "versions: %s subscriptions, %s accounts").formatted(republished.get("subscriptions"),
                            republished.get("accounts")));
        }
        awaitPublished();
        Map<String, String> newest = new HashMap<>();
        TopicReader.ofSandbox().messages(Topics.SUBSCRIPTION_CHANGED, Topics.ENTITLEMENT_CHANGED)
                .forEach(message -> newest.put(message.topic() + " " + message.key(), message.value()));
        assertThat(newest).containsAllEntriesOf(stored());
        versions().forEach((key, version) -> assertThat(version).as(key).isGreaterThan(before.get(key)));
        assertThat(audited().get("action").textValue()).isEqualTo("republish_new_version");
        assertThat(audited().get("result").textValue()).matches("\\d+ subscriptions?, \\d+ accounts?");
        for (String account : List.of(organization, emptied)) {
            JsonNode set = read("entitlements", account);
            JsonNode explained = read("entitlements/explain", account);
            assertThat(usable(explained)).isEqualTo(new TreeSet<>(set.get("entitlements")
                    .findValuesAsText("benefit_id")));
            assertThat(explained.at("/decision/version").longValue()) // telling it again is no decision
                    .isEqualTo(before.get(Topics.ENTITLEMENT_CHANGED + " " + account));
            assertThat(explained.get("events").findValuesAsText("what"))
                    .doesNotContain("The benefits stayed the same; the grants behind them changed.");
        }
    }

    @Test
    void withoutTheParameter_eachMessageKeepsItsVersion() throws Exception {
        trigger("purchase", organization);
        awaitPublished();
        Map<String, String> before = stored();

        assertThat(operator.post("republish").statusCode()).isEqualTo(200);

        assertThat(stored()).isEqualTo(before);
        assertThat(audited().get("action").textValue()).isEqualTo("republish");
    }

    @ParameterizedTest
    @ValueSource(strings = {"new_version", "new_version=", "new_version=yes", "new_version=TRUE", "newversion=true",
            "new_version=true&new_version=true", "new_version=true&dry_run=true"})
    void misspeltParameter_isRefused_andNothingIsPublished(String query) {
        long audited = database.number("SELECT count(*) FROM audit_log");

        HttpResponse<String> answer = operator.post("republish?" + query);

        assertProblem(answer, 400, "parameter-invalid");
        assertThat(new OpenApi().faults(CALL, answer)).isEmpty();
        assertThat(database.number("SELECT count(*) FROM audit_log")).isEqualTo(audited);
    }

    @Test
    void secondCall_isRefused_whileTheFirstGoesOn() throws SQLException {
        try (Connection first = database.connect(); Statement statement = first.createStatement()) {
            statement.execute("SELECT pg_advisory_lock(hashtext('plinto-polar republish'))");

            HttpResponse<String> answer = operator.post("republish?new_version=true");

            assertProblem(answer, 409, "republish-running");
            assertThat(new OpenApi().faults(CALL, answer)).isEmpty();
        }
    }

    /// So many that the relay cannot publish them before the call looks.
    @Test
    void callWhileTheOutboxIsFull_givesUp_ifTheRelayPublishesNothing() {
        QuarkusMock.installMockForType(ImpatientRepublish.of(pool), RepublishState.class);
        database.execute("INSERT INTO outbox (topic, key, headers, value) SELECT ?, ? || n, '{\"ce_sequence\":\"1\"}', "
                + "convert_to('{}', 'UTF8') FROM generate_series(1, 5000) AS n", Topics.ENTITLEMENT_CHANGED,
                "full-" + UUID.randomUUID());

        HttpResponse<String> answer = operator.post("republish");

        assertProblem(answer, 503, "republish-incomplete");
        assertThat(new OpenApi().faults(CALL, answer)).isEmpty();
        assertThat(answer.headers().firstValue("retry-after")).hasValue("60");
        assertThat(json(answer).get("detail").textValue()).contains("0 subscriptions, 0 accounts");
        awaitPublished();
    }

    private void trigger(String scenario, String account) {
        assertThat(HTTP.sendAsync(HttpRequest.newBuilder(service.resolve("/sandbox/polar/trigger/" + scenario
                + "?organization_id=" + account)).POST(BodyPublishers.noBody()).build(), BodyHandlers.ofString())
                .join().statusCode()).isEqualTo(200);
    }

    private JsonNode read(String path, String account) {
        return json(HTTP.sendAsync(HttpRequest.newBuilder(service.resolve("/api/v1/polar/" + path + "?organization_id="
                + account)).header("authorization", "Bearer " + new PlintoTokens(service).of("org_id", account))
                .build(), BodyHandlers.ofString()).join());
    }

    private static Set<String> usable(JsonNode explained) {
        Set<String> benefits = new TreeSet<>();
        explained.get("benefits").valueStream().filter(benefit -> benefit.get("has_access").booleanValue())
                .forEach(benefit -> benefits.add(benefit.get("benefit_id").textValue()));
        return benefits;
    }

    private JsonNode audited() {
        return json(operator.get("audit?limit=1")).at("/items/0");
    }

    private void awaitPublished() {
        new EndState(database, TopicReader.ofSandbox()).awaitDrained(PATIENCE);
    }

    private Map<String, String> stored() {
        return map("SELECT 'polar.subscription.changed ' || id, published::text FROM subscriptions "
                + "WHERE published IS NOT NULL UNION ALL SELECT 'polar.entitlement.changed ' || account, "
                + "published::text FROM accounts WHERE published IS NOT NULL");
    }

    private Map<String, Long> versions() {
        Map<String, Long> versions = new HashMap<>();
        stored().forEach((key, message) -> versions.put(key, StoredJson.read(message).get("version").longValue()));
        return versions;
    }

    private Map<String, String> map(String sql) {
        Map<String, String> map = new HashMap<>();
        database.rows(sql).forEach(row -> map.put(row.get(0), row.get(1)));
        return map;
    }
}
