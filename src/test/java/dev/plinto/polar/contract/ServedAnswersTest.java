package dev.plinto.polar.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinto.polar.testing.ApiDocument;
import dev.plinto.polar.testing.OpenApi;
import dev.plinto.polar.testing.SandboxStack;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The answers of the running service match `api/openapi.yaml`, and include all documented ones.
@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
class ServedAnswersTest {

    private static final OpenApi OPENAPI = new OpenApi();

    /// Documented answers that no request to a working service with all roles provokes.
    private static final Set<String> OF_AN_OUTAGE = new TreeSet<>(Set.of(
            // The client has disconnected.
            "POST /api/v1/polar/webhooks 400 webhook-body-incomplete",
            // The broker is away: BrokerAwayTest checks it against the document.
            "POST /api/v1/polar/webhooks 503 not-durable",
            "POST /api/v1/conekta/webhooks 400 webhook-body-incomplete",
            "POST /api/v1/conekta/webhooks 503 not-durable",
            // Conekta is off: ConektaOffTest checks it against the document.
            "POST /api/v1/conekta/webhooks 404 provider-off",
            // The same: IncompleteReplayTest checks the first against the document.
            "POST /api/v1/polar/ops/parked/replay 503 replay-incomplete",
            "POST /api/v1/polar/ops/parked/{webhook_id}/replay 503 replay-incomplete",
            "POST /api/v1/polar/ops/unknown-types/{type}/replay 503 replay-incomplete",
            // The database is away in the middle: DiscardInTimeTest checks it against the document.
            "POST /api/v1/polar/ops/parked/discard 503 discard-incomplete",
            // The same: DecideOnUsageTest checks both against the document.
            "POST /api/v1/polar/ops/usage/parked/replay 503 replay-incomplete",
            "POST /api/v1/polar/ops/usage/parked/discard 503 discard-incomplete",
            // Larger than the topic's limit: IncompleteReplayTest checks the first against the document.
            "POST /api/v1/polar/ops/parked/replay 409 replay-refused",
            "POST /api/v1/polar/ops/parked/{webhook_id}/replay 409 replay-refused",
            "POST /api/v1/polar/ops/unknown-types/{type}/replay 409 replay-refused",
            // Another call is publishing, or the relay is stuck: RepublishCurrentStateTest checks both against the
            // document.
            "POST /api/v1/polar/ops/republish 409 republish-running",
            "POST /api/v1/polar/ops/republish 503 republish-incomplete",
            // Another change comes between: OperateRolloutTest checks it against the document.
            "PUT /api/v1/polar/ops/rollout 409 rollout-changed",
            // The broker is away: LoadErasuresTest provokes it.
            "POST /api/v1/polar/ops/erasures/load 503 erasures-unread",
            // Many requests wait: ExplainAccessTest checks it against the document.
            "GET /api/v1/polar/entitlements/explain 429 too-many-requests",
            // After an upgrade, or without Polar: NotReadyTest checks each against the document.
            "GET /api/v1/polar/entitlements 503 not-ready",
            "GET /api/v1/polar/subscriptions/{subscription_id}/seats 503 not-ready",
            "GET /api/v1/polar/products 503 not-ready",
            "GET /api/v1/polar/orders 503 not-ready",
            "GET /api/v1/polar/usage 503 not-ready",
            // A component has ended, the broker or the database is away, tables are missing: DeadPartsTest, HealthTest
            // and HealthIT provoke these, and Health checks each answer against the document.
            "GET /q/health/live 503",
            "GET /q/health/ready 503",
            "GET /q/health/started 503",
            // Polar is unreachable, or the wrong one: ReconcileTest and others test this.
            "GET /api/v1/polar/ops/events/{webhook_id}/attempts 200",
            "POST /api/v1/polar/ops/reconcile 200",
            "POST /api/v1/polar/ops/reconcile 202",
            "POST /api/v1/polar/ops/reconcile 409 reconciliation-unsafe",
            "POST /api/v1/polar/ops/reconcile 503 database-unavailable"));

    /// What every call answers, and no request to a working service with all roles provokes: an internal error; and
    /// that a replica has other roles, which RoleGate answers alike for all calls, and ProductionArtefactIT checks.
    private static final Pattern OF_ANY_CALL = Pattern.compile(".* (404 role-not-running|500 internal-error)");

    /// The calls that ask Polar, and that of usage: tests of their rooms check the answers against the document.
    private static final Pattern OF_OTHERS = Pattern.compile("(POST|PATCH|DELETE) /api/v1/polar/"
            + "(checkout|customer/data|customers|subscriptions|usage).* |"
            + "GET /api/v1/polar/(customer/.*|orders/.*/invoice|checkout/.*/activation) ");

    @TestHTTPResource("/")
    URI service;

    @Test
    void everyAnswer_matchesTheDocument_andNoneIsMissing() throws Exception {
        List<Calls.Answered> answered = new Calls(service).all();

        assertThat(answered.stream().flatMap(one -> OPENAPI.faults(one.operation(), one.answer()).stream()
                .map(fault -> one + ": " + fault))).isEmpty();
        Set<String> seen = answered.stream()
                .map(one -> OPENAPI.name(one.operation(), one.answer()))
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(seen).doesNotContainAnyElementsOf(OF_AN_OUTAGE);
        seen.addAll(OF_AN_OUTAGE);
        assertThat(seen).isEqualTo(OPENAPI.answers().stream()
                .filter(answer -> !OF_ANY_CALL.matcher(answer).matches() && !OF_OTHERS.matcher(answer).lookingAt())
                .collect(Collectors.toCollection(TreeSet::new)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"openapi", "asyncapi"})
    void document_isServedByteForByte(String name) throws IOException {
        HttpResponse<String> answer = new Calls(service).get("/q/" + name);

        assertThat(answer.body()).isEqualTo(Files.readString(ApiDocument.DIRECTORY.resolve(name + ".yaml")));
    }
}
