package dev.plinto.polar.billing;

import static dev.plinto.polar.billing.SellingClient.json;
import static dev.plinto.polar.testing.ProblemDocument.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.plinto.polar.billing.idempotency.Answer;
import dev.plinto.polar.billing.idempotency.ForgottenRequests;
import dev.plinto.polar.testing.MetricsDelta;
import dev.plinto.polar.testing.SandboxStack;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.enterprise.event.Event;
import jakarta.inject.Inject;
import java.net.URI;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Checkouts whose answer was lost on its way from the simulated Polar.
@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
@TestProfile(SellingStack.class)
class UnclaimedCheckoutsTest {

    @TestHTTPResource("/")
    URI service;

    @Inject
    Event<ForgottenRequests> forgotten;

    private SellingClient selling;
    private String product;
    private MetricsDelta measured;

    @BeforeEach
    void haveACustomer() {
        selling = new SellingClient(service);
        product = selling.product();
        measured = MetricsDelta.whenIdle(service);
        assertThat(sending("first").statusCode()).isEqualTo(201);
    }

    @AfterEach
    void mend() {
        selling.endFaults();
    }

    @Test
    void checkoutThatWasHandedOut_isNotCounted() {
        forget();

        measured.assertIncrease(1, "polar_checkouts_total", "provider=polar", "outcome=created");
        measured.assertIncrease(0, "polar_unclaimed_checkouts_total");
    }

    @Test
    void checkoutWhoseAnswerWasLost_isCounted_onceItsRequestIsForgotten() {
        lose();

        forget();

        measured.assertIncrease(1, "polar_unclaimed_checkouts_total");
    }

    @Test
    void checkoutThatTheNextAttemptFound_isNotCounted() {
        lose();
        assertThat(sending("lost").statusCode()).isEqualTo(201);

        forget();

        measured.assertIncrease(0, "polar_unclaimed_checkouts_total");
    }

    /// It had expired at Polar, so it could not be handed out any more.
    @Test
    void checkoutThatTheNextAttemptReplaced_isCounted() {
        lose();
        String answer = json(sending("lost")).path("checkout_id").asText();
        selling.database.execute("INSERT INTO checkouts (id, request_id, status) "
                + "SELECT 'expired-' || id, request_id, 'expired' FROM checkouts WHERE id = ?", answer);

        forget();

        measured.assertIncrease(1, "polar_unclaimed_checkouts_total");
    }

    /// Its answer is stored as text.
    @Test
    void problemThatIsGivenAgain_isCountedAgain() {
        refused();
        measured.reset();

        refused();

        measured.assertIncrease(1, "polar_problems_total", "type=product-not-sold");
    }

    private void refused() {
        assertProblem(selling.call(CreateCheckout.CALL, List.of(), "", "{\"product_id\":\"none\"}",
                "authorization", selling.owner(), "idempotency-key", "refused"), 422, "product-not-sold");
    }

    private void lose() {
        selling.fault("cut", "/checkouts/");
        assertProblem(sending("lost"), 503, "provider-unavailable");
        selling.endFaults();
        await().atMost(SellingClient.PATIENCE).until(() -> selling.database.number(
                "SELECT count(*) FROM checkouts WHERE organization_id = ? AND request_id IS NOT NULL",
                selling.organization) == 2);
    }

    /// As if 48 hours had passed.
    private void forget() {
        forgotten.fire(new ForgottenRequests(selling.database.rows(
                "DELETE FROM idempotent_requests WHERE organization = ? RETURNING call, begun, status, answer",
                selling.organization).stream()
                .map(row -> new ForgottenRequests.Begun(row.get(0), row.get(1),
                        row.get(2) == null ? null : new Answer(Integer.parseInt(row.get(2)), row.get(3))))
                .toList()));
    }

    private HttpResponse<String> sending(String key) {
        return selling.call(CreateCheckout.CALL, List.of(), "", "{\"product_id\":\"%s\"}".formatted(product),
                "authorization", selling.owner(), "idempotency-key", key);
    }
}
