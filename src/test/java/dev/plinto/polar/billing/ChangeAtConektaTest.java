package dev.plinto.polar.billing;

import static dev.plinto.polar.billing.SellingClient.json;
import static dev.plinto.polar.testing.ProblemDocument.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plinto.polar.conekta.ConektaConfig;
import dev.plinto.polar.sandbox.conekta.live.SandboxConekta;
import dev.plinto.polar.sandbox.conekta.rest.ConektaServer;
import dev.plinto.polar.sandbox.provider.ApiFault;
import dev.plinto.polar.testing.SandboxStack;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.net.URI;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What an organization does with what it bought at the simulated Conekta, over real HTTP, broker and database.
@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
@TestProfile(ConektaBesideStack.class)
class ChangeAtConektaTest {

    private static final String SUBSCRIPTION = "/api/v1/polar/subscriptions/{subscription_id}";

    @TestHTTPResource("/")
    URI service;

    @Inject
    SandboxConekta conekta;

    @Inject
    ConektaConfig config;

    private ConektaServer server;

    private SellingClient selling;
    private String customer;
    private String subscription;

    @BeforeEach
    void subscribe() {
        server = ConektaServer.start(conekta.simulation(), config.api().url().orElseThrow().getPort());
        selling = new SellingClient(service);
        JsonNode sale = play("mexico-purchase");
        customer = sale.path("customer_id").asText();
        subscription = sale.path("subscription_id").asText();
        await().atMost(SellingClient.PATIENCE).until(() -> !selling.database.column(
                "SELECT id FROM subscriptions WHERE id = ? AND account = ? AND published IS NOT NULL", stored(),
                selling.organization).isEmpty());
        SellingClient.awaitNextSecond();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void cancellation_isToldAtOnce_andWhatIsPaidGoesOn() {
        selling.tellBenefits();
        JsonNode canceled = done(call("cancel", "{\"reason\":\"too_expensive\"}"));

        assertThat(canceled.path("status").asText()).isEqualTo("canceled");
        assertThat(canceled.path("cancel_at_period_end").asBoolean()).isTrue();
        assertThat(canceled.path("provider").asText()).isEqualTo("conekta");
        assertThat(atConekta()).isEqualTo("canceled");
        assertThat(selling.database.column("SELECT is_granted FROM grants WHERE account = ?", selling.organization))
                .isNotEmpty().containsOnly("t");
        assertThat(selling.trail()).contains("cancel_subscription", "subscription " + stored());
        assertProblem(call("cancel", "", "idempotency-key", "again"), 409, "already-canceled");
    }

    @Test
    void pause_isAtOnce_untilItIsResumed() {
        assertThat(done(call("pause", "")).path("status").asText()).isEqualTo("paused");
        assertProblem(call("pause", "", "idempotency-key", "again"), 409, "cannot-pause");
        SellingClient.awaitNextSecond();

        assertThat(done(call("resume", "")).path("status").asText()).isEqualTo("active");
        assertThat(atConekta()).isEqualTo("active");
        assertProblem(call("resume", "", "idempotency-key", "again"), 409, "nothing-scheduled");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            POST   | /cancel   | {"at":"now"}
            POST   | /uncancel | {}
            PATCH  | ''        | {"product_id":"another"}
            PATCH  | ''        | {"seats":3}
            POST   | /seats    | {"email":"sam@plinto.dev"}
            DELETE | /seats/1  | ''
            """)
    void whatConektaCannot_isSaid_andNothingIsDone(String method, String path, String body) {
        String seat = path.startsWith("/seats/") ? "/seats/{seat_id}" : path;
        HttpResponse<String> answer = selling.call(method + " " + SUBSCRIPTION + seat, List.of(stored(), "1"), "", body,
                "authorization", selling.owner());

        assertProblem(answer, 422, "not-supported");
        assertThat(atConekta()).isEqualTo("active");
    }

    @Test
    void strangersSubscription_isUnknown() {
        assertProblem(selling.call("POST " + SUBSCRIPTION + "/cancel", List.of(stored()), "", "", "authorization",
                selling.stranger()), 404, "subscription-unknown");
        assertThat(atConekta()).isEqualTo("active");
    }

    @Test
    void equalRequest_isDoneOnce() {
        String first = call("cancel", "", "idempotency-key", "one").body();

        assertThat(call("cancel", "", "idempotency-key", "one").body()).isEqualTo(first);
    }

    /// Conekta has carried it out: the second attempt finds that.
    @Test
    void answerThatIsCut_isReadBackByTheNextAttempt() {
        server.faults().next("/customers/" + customer, 1, new ApiFault.CutInTheMiddle());
        HttpResponse<String> cut = call("cancel", "", "idempotency-key", "cut");
        assertProblem(cut, 503, "provider-unavailable");
        assertThat(cut.headers().firstValue("retry-after")).isPresent();

        await().atMost(SellingClient.PATIENCE).untilAsserted(() -> assertThat(json(
                call("cancel", "", "idempotency-key", "cut"), 200).path("status").asText()).isEqualTo("canceled"));
        assertThat(selling.trail()).contains("may have done it", "done already");
    }

    @Test
    void conektaThatIsDown_orRefuses_isSaid() {
        server.faults().next("/customers/" + customer, 1, new ApiFault.Broken(500));
        assertProblem(call("cancel", "", "idempotency-key", "broken"), 503, "provider-unavailable");
        selling.database.execute("""
                INSERT INTO subscriptions (id, account, customer_id, version, published)
                SELECT id || 'x', account, customer_id, version, published FROM subscriptions WHERE id = ?
                """, stored());
        assertProblem(selling.call("POST " + SUBSCRIPTION + "/cancel", List.of(stored() + "x"), "", "", "authorization",
                selling.owner()), 422, "provider-refused", "provider", "errors");

        server.close();
        assertProblem(call("cancel", "", "idempotency-key", "down"), 503, "provider-unavailable");
        assertProblem(portal(), 503, "provider-unavailable");
    }

    @Test
    void portal_isThatOfTheSubscription_andDoesNotExpire() {
        JsonNode portal = json(portal(), 200);

        assertThat(portal.path("provider").asText()).isEqualTo("conekta");
        assertThat(portal.path("expires_at").isNull()).isTrue();
        assertThat(portal.path("portal_url").asText())
                .isEqualTo(conekta.simulation().exclusively(() -> conekta.simulation().records().portal(subscription)
                        .path("portal_url").asText()));
    }

    /// It buys from Polar too: there, unless only Conekta's subscription is live.
    @Test
    void portalOfWhoIsAtBoth_isWhereTheLiveSubscriptionIs() {
        String atPolar = selling.subscription("purchase");
        assertThat(json(portal(), 200).path("provider").asText()).isEqualTo("polar");

        selling.polar("DELETE", "/subscriptions/" + atPolar, "");
        await().atMost(SellingClient.PATIENCE).until(() -> json(portal(), 200).path("provider").asText(),
                "conekta"::equals);
    }

    @Test
    void callsOfOneOrganization_areBounded() {
        for (int i = 0; i < 20; i++) {
            assertThat(portal().statusCode()).isEqualTo(200);
        }
        assertProblem(portal(), 429, "too-many-requests");
    }

    @Test
    void orders_areListed_andHaveNoInvoice() {
        JsonNode order = json(selling.call("GET /api/v1/polar/orders", List.of(), query(), "", "authorization",
                selling.owner()), 200).path("items").path(0);

        assertThat(order.path("order_id").asText()).startsWith("conekta:ord_");
        assertThat(order.path("currency").asText()).isEqualTo("mxn");
        assertThat(order.path("total_amount").asLong()).isPositive();
        assertThat(order.path("subscription_id").asText()).isEqualTo(stored());
        assertProblem(selling.call("GET /api/v1/polar/orders/{order_id}/invoice",
                List.of(order.path("order_id").asText()), "", "", "authorization", selling.owner()), 422,
                "not-supported");
    }

    private HttpResponse<String> portal() {
        return selling.call("GET /api/v1/polar/customer/portal", List.of(), query(), "", "authorization",
                selling.owner());
    }

    private String query() {
        return "?organization_id=" + selling.organization;
    }

    private JsonNode play(String scenario) {
        return json(selling.send("POST", "/sandbox/conekta/trigger/" + scenario + query(), ""), 200);
    }

    private HttpResponse<String> call(String action, String body, String... headers) {
        return selling.call("POST " + SUBSCRIPTION + "/" + action, List.of(stored()), "", body,
                SellingClient.with(selling.owner(), headers));
    }

    private static JsonNode done(HttpResponse<String> answer) {
        JsonNode told = json(answer, 200);
        assertThat(told.path("projected").asBoolean()).isTrue();
        return told;
    }

    private String stored() {
        return "conekta:" + subscription;
    }

    private String atConekta() {
        return conekta.simulation().exclusively(
                () -> conekta.simulation().subscriptions().status(subscription).wireName());
    }
}
