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
            // The same: IncompleteReplayTest checks the first against the document.
            "POST /api/v1/polar/ops/parked/replay 503 replay-incomplete",
            "POST /api/v1/polar/ops/parked/{webhook_id}/replay 503 replay-incomplete",
            "POST /api/v1/polar/ops/unknown-types/{type}/replay 503 replay-incomplete",
            // The database is away in the middle: DiscardInTimeTest checks it against the document.
            "POST /api/v1/polar/ops/parked/discard 503 discard-incomplete",
            // Larger than the topic's limit: IncompleteReplayTest checks the first against the document.
            "POST /api/v1/polar/ops/parked/replay 409 replay-refused",
            "POST /api/v1/polar/ops/parked/{webhook_id}/replay 409 replay-refused",
            "POST /api/v1/polar/ops/unknown-types/{type}/replay 409 replay-refused",
            // Another call is publishing, or the relay is stuck: RepublishCurrentStateTest checks both against the
            // document.
            "POST /api/v1/polar/ops/republish 409 republish-running",
            "POST /api/v1/polar/ops/republish 503 republish-incomplete",
            // Many requests wait: ExplainAccessTest checks it against the document.
            "GET /api/v1/polar/entitlements/explain 429 too-many-requests",
            // After an upgrade, or without Polar: NotReadyTest checks each against the document.
            "GET /api/v1/polar/entitlements 503 not-ready",
            "GET /api/v1/polar/subscriptions/{subscription_id}/seats 503 not-ready",
            "GET /api/v1/polar/products 503 not-ready",
            "GET /api/v1/polar/orders 503 not-ready",
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
            "POST /api/v1/polar/ops/reconcile 503 database-unavailable",
            // A replica has other roles: ProductionArtefactIT checks the first against the document, and RoleGate
            // answers all of them alike.
            "GET /api/v1/polar/entitlements 404 role-not-running",
            "GET /api/v1/polar/entitlements/grants 404 role-not-running",
            "GET /api/v1/polar/subscriptions 404 role-not-running",
            "GET /api/v1/polar/subscriptions/{subscription_id}/seats 404 role-not-running",
            "GET /api/v1/polar/products 404 role-not-running",
            "GET /api/v1/polar/checkout/{checkout_id} 404 role-not-running",
            "GET /api/v1/polar/orders 404 role-not-running",
            "GET /api/v1/polar/entitlements/explain 404 role-not-running",
            "GET /api/v1/polar/ops/parked 404 role-not-running",
            "GET /api/v1/polar/ops/overview 404 role-not-running",
            "GET /api/v1/polar/ops/events 404 role-not-running",
            "GET /api/v1/polar/ops/events/{webhook_id} 404 role-not-running",
            "GET /api/v1/polar/ops/events/{webhook_id}/attempts 404 role-not-running",
            "GET /api/v1/polar/ops/accounts/{account} 404 role-not-running",
            "GET /api/v1/polar/audit 404 role-not-running",
            "GET /api/v1/polar/ops/audit 404 role-not-running",
            "GET /api/v1/polar/ops/audit/verify 404 role-not-running",
            "GET /api/v1/polar/ops/reconcile 404 role-not-running",
            "GET /api/v1/polar/ops/parked/{webhook_id} 404 role-not-running",
            "GET /api/v1/polar/ops/unknown-types 404 role-not-running",
            "GET /api/v1/polar/ops/contradictions 404 role-not-running",
            "GET /api/v1/polar/ops/unlinked 404 role-not-running",
            "POST /api/v1/polar/ops/parked/replay 404 role-not-running",
            "POST /api/v1/polar/ops/parked/discard 404 role-not-running",
            "POST /api/v1/polar/ops/parked/{webhook_id}/discard 404 role-not-running",
            "POST /api/v1/polar/ops/parked/{webhook_id}/replay 404 role-not-running",
            "POST /api/v1/polar/ops/unknown-types/{type}/replay 404 role-not-running",
            "POST /api/v1/polar/ops/reconcile 404 role-not-running",
            "POST /api/v1/polar/ops/republish 404 role-not-running",
            "POST /api/v1/polar/webhooks 404 role-not-running",
            // An internal error, which a test cannot provoke.
            "GET /api/v1/polar/entitlements 500 internal-error",
            "GET /api/v1/polar/entitlements/grants 500 internal-error",
            "GET /api/v1/polar/subscriptions 500 internal-error",
            "GET /api/v1/polar/subscriptions/{subscription_id}/seats 500 internal-error",
            "GET /api/v1/polar/products 500 internal-error",
            "GET /api/v1/polar/checkout/{checkout_id} 500 internal-error",
            "GET /api/v1/polar/orders 500 internal-error",
            "GET /q/asyncapi 500 internal-error",
            "GET /q/openapi 500 internal-error",
            "POST /api/v1/polar/ops/reconcile 500 internal-error",
            "GET /api/v1/polar/entitlements/explain 500 internal-error",
            "GET /api/v1/polar/ops/parked 500 internal-error",
            "GET /api/v1/polar/ops/overview 500 internal-error",
            "GET /api/v1/polar/ops/events 500 internal-error",
            "GET /api/v1/polar/ops/events/{webhook_id} 500 internal-error",
            "GET /api/v1/polar/ops/events/{webhook_id}/attempts 500 internal-error",
            "GET /api/v1/polar/ops/accounts/{account} 500 internal-error",
            "GET /api/v1/polar/audit 500 internal-error",
            "GET /api/v1/polar/ops/audit 500 internal-error",
            "GET /api/v1/polar/ops/audit/verify 500 internal-error",
            "GET /api/v1/polar/ops/reconcile 500 internal-error",
            "GET /api/v1/polar/ops/parked/{webhook_id} 500 internal-error",
            "GET /api/v1/polar/ops/unknown-types 500 internal-error",
            "GET /api/v1/polar/ops/contradictions 500 internal-error",
            "GET /api/v1/polar/ops/unlinked 500 internal-error",
            "POST /api/v1/polar/ops/parked/replay 500 internal-error",
            "POST /api/v1/polar/ops/parked/discard 500 internal-error",
            "POST /api/v1/polar/ops/parked/{webhook_id}/discard 500 internal-error",
            "POST /api/v1/polar/ops/parked/{webhook_id}/replay 500 internal-error",
            "POST /api/v1/polar/ops/unknown-types/{type}/replay 500 internal-error",
            "POST /api/v1/polar/ops/republish 500 internal-error",
            "POST /api/v1/polar/webhooks 500 internal-error"));

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
        assertThat(seen).isEqualTo(OPENAPI.answers().stream().filter(answer -> !isOfASale(answer))
                .collect(Collectors.toCollection(TreeSet::new)));
    }

    /// That needs Polar: CreateCheckoutTest checks its answers against the document.
    private static boolean isOfASale(String answer) {
        return answer.startsWith("POST /api/v1/polar/checkout ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"openapi", "asyncapi"})
    void document_isServedByteForByte(String name) throws IOException {
        HttpResponse<String> answer = new Calls(service).get("/q/" + name);

        assertThat(answer.body()).isEqualTo(Files.readString(ApiDocument.DIRECTORY.resolve(name + ".yaml")));
    }
}
