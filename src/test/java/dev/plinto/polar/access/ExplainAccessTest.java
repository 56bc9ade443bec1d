package dev.plinto.polar.access;

import static dev.plinto.polar.testing.ProblemDocument.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plinto.polar.testing.Database;
import dev.plinto.polar.testing.OpenApi;
import dev.plinto.polar.testing.Operator;
import dev.plinto.polar.testing.OwnThreads;
import dev.plinto.polar.testing.PastDecisions;
import dev.plinto.polar.testing.PlintoTokens;
import dev.plinto.polar.testing.SandboxStack;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
class ExplainAccessTest {

    private static final HttpClient HTTP = OwnThreads.httpClient();
    private static final Database DATABASE = Database.ofSandbox();
    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    @TestHTTPResource("/")
    URI service;

    private final String organization = "org-" + UUID.randomUUID();
    private PlintoTokens tokens;

    @BeforeEach
    void useTheSandboxsKey() {
        tokens = new PlintoTokens(service);
    }

    @Test
    void lostAccess_isExplainedByEventAndSubscription() {
        trigger("purchase");
        trigger("payment-failed");

        JsonNode lost = await().atMost(TIMEOUT).until(() -> explanation(""),
                answer -> !answer.get("has_access").booleanValue() && answer.get("benefits").size() == 2);

        assertThat(lost.get("why").textValue())
                .startsWith("The account may use nothing. The last benefit that it had was")
                .contains("Polar's event benefit_grant.revoked", "the subscription Pro, which was past_due then");
        assertThat(lost.at("/decision/cause/event_type").textValue()).isEqualTo("benefit_grant.revoked");
        assertThat(lost.get("benefits")).allSatisfy(benefit -> {
            assertThat(benefit.get("has_access").booleanValue()).isFalse();
            assertThat(benefit.get("grants")).isNotEmpty();
        });
        assertThat(lost.at("/subscriptions/0/status").textValue()).isEqualTo("past_due");
        assertThat(lost.get("events").findValuesAsText("what")).contains("The account gained Unlimited exports.",
                "The account lost Unlimited exports.", "The subscription Pro became past_due; it was active.");
    }

    @Test
    void pastMoment_isExplainedAsOfThen() {
        Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        new PastDecisions(organization).bought(now.minus(Duration.ofDays(20)))
                .couldNotPay(now.minus(Duration.ofDays(6)));

        assertThat(explanation("&at=" + now.minus(Duration.ofDays(21))).get("why").textValue())
                .isEqualTo("Nothing was known about the account: no subscription and no grant.");
        JsonNode before = explanation("&at=" + now.minus(Duration.ofDays(7)));
        assertThat(before.get("has_access").booleanValue()).isTrue();
        assertThat(before.get("why").textValue()).isEqualTo("The account could use Unlimited exports.");
        assertThat(before.at("/subscriptions/0/status").textValue()).isEqualTo("active");
        assertThat(before.at("/benefits/0/why").textValue())
                .isEqualTo("Granted by Polar's event benefit_grant.created. "
                        + "The benefit came with the subscription Pro, which was active then.");
        JsonNode after = explanation("&at=" + now.minus(Duration.ofDays(6)).plusSeconds(60));
        assertThat(after.get("has_access").booleanValue()).isFalse();
        assertThat(after.get("why").textValue())
                .startsWith("The account could use nothing. The last benefit before was Unlimited exports.");
        assertThat(after.at("/benefits/0/feature").textValue()).isEqualTo("unlimited_exports");
        assertThat(after.at("/decision/cause/webhook_id").textValue()).isEqualTo("revoked-" + organization);
        assertThat(after.at("/benefits/0/decision")).isEqualTo(after.get("decision"));
    }

    /// What was told first after a moment, was not known then.
    @Test
    void decisionOlderThanTheHistory_isExplained_thoughItWasToldAnew() {
        Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        PastDecisions past = new PastDecisions(organization).bought(now.minus(Duration.ofDays(20)));
        past.forget(now, now);
        JsonNode toldOnce = explanation("");
        past.toldAnew(now.minus(Duration.ofDays(1)));

        for (String at : List.of("", "&at=" + now.minus(Duration.ofHours(1)), "&at=" + now.minus(Duration.ofDays(7)))) {
            JsonNode explained = explanation(at);
            assertThat(usable(explained)).as(at).containsExactly("b-1");
            assertThat(explained.at("/benefits/0/why")).as(at).isEqualTo(toldOnce.at("/benefits/0/why"));
            assertThat(explained.at("/decision/decided_at")).as(at).isEqualTo(toldOnce.at("/decision/decided_at"));
        }
        assertThat(usable(explanation("&at=" + now.minus(Duration.ofDays(21))))).isEmpty();
    }

    @Test
    void setToldAnew_isOfThePastOnlyAsLongAsNothingWasDecidedSince() {
        Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        new PastDecisions(organization).bought(now.minus(Duration.ofDays(20)))
                .grantedMore(now.minus(Duration.ofDays(6))).causedAt(now.minus(Duration.ofDays(8)))
                .toldAnew(now.minus(Duration.ofDays(1)));

        assertThat(usable(explanation("&at=" + now.minus(Duration.ofDays(21))))).isEmpty();
        assertThat(usable(explanation("&at=" + now.minus(Duration.ofDays(7))))).containsExactly("b-1");
        for (String at : List.of("", "&at=" + now.minus(Duration.ofDays(5)))) {
            JsonNode explained = explanation(at);
            assertThat(usable(explained)).as(at).containsExactlyInAnyOrder("b-1", "b-2");
            assertThat(explained.at("/decision/version").longValue()).as(at)
                    .isEqualTo(now.minus(Duration.ofDays(6)).toEpochMilli());
        }
    }

    @Test
    void changeThatIsForgotten_beforeAnOlderSet_isExplained() {
        Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        new PastDecisions(organization).bought(now.minus(Duration.ofDays(20)))
                .grantedMore(now.minus(Duration.ofDays(19))).forget(Instant.EPOCH, now.minus(Duration.ofDays(18)));

        assertThat(usable(explanation("&at=" + now.minus(Duration.ofHours(1))))).containsExactlyInAnyOrder("b-1",
                "b-2");
        assertThat(usable(explanation("&at=" + now.minus(Duration.ofDays(19)).minusSeconds(60))))
                .containsExactly("b-1");
    }

    /// As in [PastDecisions], which has no changes of benefits: only the history says that there was a decision.
    @Test
    void setOfTheReleaseBefore_isOfThePastOnlyAsLongAsNothingWasDecidedSince() {
        Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        new PastDecisions(organization).bought(now.minus(Duration.ofDays(20)))
                .couldNotPay(now.minus(Duration.ofDays(6)))
                .paidAfterAll(now.minus(Duration.ofDays(4))).forget(now.minus(Duration.ofDays(7)), now)
                .causedAt(now.minus(Duration.ofDays(5)).minusSeconds(60))
                .toldAnew(now.minus(Duration.ofDays(1)));

        assertThat(usable(explanation("&at=" + now.minus(Duration.ofDays(5))))).isEmpty();
        assertThat(usable(explanation("&at=" + now.minus(Duration.ofDays(3))))).containsExactly("b-1");
    }

    @Test
    void requestsOfOneOrganization_areRefusedBeyondALimit() throws Exception {
        String query = "entitlements/explain?organization_id=" + organization;
        String token = tokens.of("org_id", organization);
        List<CompletableFuture<HttpResponse<String>>> answers;
        try (Connection connection = DATABASE.connect(); Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("LOCK TABLE benefit_changes IN ACCESS EXCLUSIVE MODE");
            answers = IntStream.range(0, 22).mapToObj(n -> getting(query, token)).toList();
            CompletableFuture.anyOf(answers.toArray(CompletableFuture<?>[]::new)).join();
            HttpResponse<String> refused = answers.stream().filter(CompletableFuture::isDone).findFirst().orElseThrow()
                    .join();
            assertProblem(refused, 429, "too-many-requests");
            assertThat(refused.headers().firstValue("retry-after")).hasValue("5");
            assertThat(new OpenApi().faults("GET /api/v1/polar/entitlements/explain", refused)).isEmpty();
            connection.rollback();
        }
        assertThat(answers.stream().map(CompletableFuture::join).map(HttpResponse::statusCode))
                .containsOnlyOnce(429).containsOnly(200, 429);
    }

    @Test
    void operatorReadsEveryOrganization_memberOnlyTheirOwn() {
        String query = "entitlements/explain?organization_id=" + organization;
        assertThat(get(query, tokens.of("roles", List.of("ops"))).statusCode()).isEqualTo(200);
        assertThat(get(query, tokens.of("org_id", organization)).statusCode()).isEqualTo(200);
        assertProblem(get(query, tokens.of("org_id", "org-other")), 403, "organization-not-allowed");
        assertProblem(get(query, tokens.of("roles", List.of("ops"), "type", "refresh")), 401, "token-not-accepted");
    }

    @ParameterizedTest
    @ValueSource(strings = {"yesterday", "2026-11-17", "1970-01-01T00:00:00Z", "9999-01-01T00:00:00Z",
            "2026-11-17T09:00:00%2B99:00"})
    void invalidMoment_isRefused(String at) {
        assertProblem(get("entitlements/explain?organization_id=" + organization + "&at=" + at,
                tokens.of("org_id", organization)), 400, "parameter-invalid");
    }

    private JsonNode explanation(String at) {
        HttpResponse<String> response = get("entitlements/explain?organization_id=" + organization + at,
                tokens.of("org_id", organization));
        assertThat(response.statusCode()).isEqualTo(200);
        return Operator.json(response);
    }

    private static List<String> usable(JsonNode explanation) {
        return explanation.get("benefits").valueStream().filter(benefit -> benefit.get("has_access").booleanValue())
                .map(benefit -> benefit.get("benefit_id").textValue()).toList();
    }

    private HttpResponse<String> get(String path, String token) {
        return getting(path, token).join();
    }

    private CompletableFuture<HttpResponse<String>> getting(String path, String token) {
        return HTTP.sendAsync(HttpRequest.newBuilder(service.resolve("/api/v1/polar/" + path))
                .header("authorization", "Bearer " + token).build(), BodyHandlers.ofString());
    }

    private void trigger(String scenario) {
        assertThat(HTTP.sendAsync(HttpRequest.newBuilder(
                service.resolve("/sandbox/polar/trigger/" + scenario + "?organization_id=" + organization))
                .POST(BodyPublishers.noBody()).build(), BodyHandlers.discarding()).join().statusCode()).isEqualTo(200);
    }
}
