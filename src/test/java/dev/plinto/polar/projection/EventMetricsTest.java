package dev.plinto.polar.projection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.plinto.polar.HeaderNames;
import dev.plinto.polar.testing.Database;
import dev.plinto.polar.testing.MetricsDelta;
import dev.plinto.polar.testing.Operator;
import dev.plinto.polar.testing.RawTopicWriter;
import dev.plinto.polar.testing.SandboxStack;
import dev.plinto.polar.testing.SignedDelivery;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Metrics of events: their outcomes, their freshness, and what needs an operator.
@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
class EventMetricsTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static Database database;
    private static RawTopicWriter rawTopic;

    @TestHTTPResource("/")
    URI service;

    private MetricsDelta measured;

    @BeforeAll
    static void open() {
        database = Database.ofSandbox();
        rawTopic = RawTopicWriter.toSandbox();
    }

    @AfterAll
    static void close() {
        rawTopic.close();
    }

    @BeforeEach
    void measure() {
        measured = MetricsDelta.whenIdle(service);
    }

    @Test
    void events_areCountedByOutcome() {
        String id = any();
        String customer = any();
        String grant = any();
        project(id, grant(grant, customer, "2026-11-03T00:00:00Z"));
        measured.awaitIncrease(1, "polar_events_projected_total", "outcome=applied");

        project(id, grant(grant, customer, "2026-11-03T00:00:00Z"));
        measured.awaitIncrease(1, "polar_events_projected_total", "outcome=duplicate");

        // The embedded objects have the same moment as before, and on a tie a greater webhook id would be newer.
        project("0-" + any(), grant(grant, customer, "2026-11-02T00:00:00Z"));
        measured.awaitIncrease(1, "polar_events_projected_total", "outcome=stale");

        project(any(), "{\"type\":\"wallet.topped_up\",\"data\":{\"id\":\"w\"}}");
        measured.awaitIncrease(1, "polar_events_projected_total", "outcome=ignored");

        project(any(), "[]");
        measured.awaitIncrease(1, "polar_events_projected_total", "outcome=parked");
    }

    @Test
    void freshness_isMeasuredFromReceipt_inBothStages() {
        settle(); // a message of an earlier test may be in flight
        measured = MetricsDelta.whenIdle(service);
        rawTopic.write(List.of(RawTopicWriter.header(
                RawTopicWriter.record(any(), utf8(grant(any(), any(), "2026-11-01T00:00:00Z"))),
                HeaderNames.RECEIVED_AT, Instant.now().minusSeconds(100).toString())));

        for (String stage : List.of("stage=projected", "stage=published")) {
            measured.awaitIncrease(1, "polar_freshness_seconds_count", stage);
            measured.assertIncrease(0, "polar_freshness_seconds_bucket", stage, "le=60.0");
            measured.assertIncrease(1, "polar_freshness_seconds_bucket", stage, "le=600.0");
            assertThat(measured.increase("polar_freshness_seconds_sum", stage)).isBetween(100.0, 120.0);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"not_an_event", "malformed", "other_merchant", "failed"})
    void parkedEvents_areCountedByReason(String reason) {
        database.execute("DELETE FROM parked WHERE reason = ?", reason);
        awaitParked(reason, 0);
        String insert = "INSERT INTO parked (webhook_id, type, reason, detail, received_at, origin, body) "
                + "VALUES (?, 'order.paid', ?, 'for a test', now(), 'webhook', '')";
        database.execute(insert, any(), reason);
        database.execute(insert, any(), reason);
        awaitParked(reason, 2);

        database.execute("DELETE FROM parked WHERE reason = ?", reason);
        awaitParked(reason, 0);
    }

    @Test
    void bodyThatIsNoEvent_isCountedAsParked() {
        database.execute("DELETE FROM parked");
        awaitParked("not_an_event", 0);
        measured.reset();

        assertThat(SignedDelivery.of("this is no event").send(service.resolve("/api/v1/polar/webhooks")).statusCode())
                .isEqualTo(202);

        measured.awaitIncrease(1, "polar_parked_events", "reason=not_an_event");
    }

    @Test
    void customerWithGrantsAndNoOrganization_isUnlinked_untilLinked() {
        String customer = any();
        settle();
        measured.reset();
        project(any(), grant(any(), customer, "2026-11-01T00:00:00Z"));
        measured.awaitIncrease(1, "polar_unlinked_accounts");
        project(any(), grant(any(), customer, "2026-11-01T00:00:00Z"));
        project(any(), subscription(any(), customer, "active", "null", "2026-11-01T00:00:00Z"));
        measured.awaitIncrease(3, "polar_events_projected_total", "outcome=applied");
        settle();
        measured.assertIncrease(1, "polar_unlinked_accounts");

        project(any(), """
                {"type":"customer.updated","timestamp":"2026-11-02T00:00:00Z","data":{"id":"%s","external_id":"org-%s",
                 "created_at":"2026-10-01T00:00:00Z","modified_at":"2026-11-02T00:00:00Z"}}"""
                .formatted(customer, any()));
        measured.awaitIncrease(0, "polar_unlinked_accounts");
    }

    @Test
    void customerWithSubscriptionAndNoOrganization_isUnlinked_untilItEnds() {
        String customer = any();
        String subscription = any();
        settle();
        measured.reset();
        project(any(), subscription(subscription, customer, "active", "null", "2026-11-01T00:00:00Z"));
        measured.awaitIncrease(1, "polar_unlinked_accounts");

        project(any(), subscription(subscription, customer, "canceled", "\"2026-11-02T00:00:00Z\"",
                "2026-11-02T00:00:00Z"));
        measured.awaitIncrease(0, "polar_unlinked_accounts");
    }

    @Test
    void planWithoutAProduct_isCounted_andNamedInTheOverview_untilNobodyHasIt() {
        String plan = "conekta:plan-" + any();
        settle();
        measured.reset();
        database.execute("""
                INSERT INTO subscriptions (id, customer_id, product_id, account, status)
                VALUES (?, 'conekta:c', ?, 'org-unmapped', 'active')
                """, "conekta:" + any(), plan);

        measured.awaitIncrease(1, "polar_unmapped_plans");
        assertThat(new Operator(service, "usr_ops").get("overview").body()).contains("\"" + plan + "\"",
                "No product is set for " + plan);

        database.execute("DELETE FROM subscriptions WHERE product_id = ?", plan);
        measured.awaitIncrease(0, "polar_unmapped_plans");
    }

    @Test
    void secondSubscriptionOfAGroup_isCounted_untilItEnds() {
        String customer = any();
        String second = any();
        project(any(), """
                {"type":"customer.created","timestamp":"2026-11-01T00:00:00Z","data":{"id":"%s","external_id":"%s"}}"""
                .formatted(customer, "org-" + customer));
        project(any(), subscription(any(), customer, "active", "null", "2026-11-01T00:00:00Z"));
        project(any(), subscription(second, customer, "active", "null", "2026-11-01T00:00:00Z"));
        measured.awaitIncrease(1, "polar_double_subscriptions");

        project(any(), subscription(second, customer, "canceled", "\"2026-11-02T00:00:00Z\"",
                "2026-11-02T00:00:00Z"));
        measured.awaitIncrease(0, "polar_double_subscriptions");
    }

    @Test
    void payments_areCountedOnceByOutcome_andTrialsAreNot() {
        String id = any();
        String customer = any();
        project(id, paid(customer, 1900));
        project(id, paid(customer, 1900));
        project(any(), paid(customer, 0));
        project(any(), """
                {"type":"subscription.past_due","timestamp":"2026-11-03T00:00:00Z","data":{"id":"%s",
                 "customer_id":"%s","status":"past_due"}}""".formatted(any(), customer));

        measured.awaitIncrease(1, "polar_payments_total", "outcome=failed");
        measured.awaitIncrease(1, "polar_payments_total", "outcome=paid");
        measured.awaitIncrease(1, "polar_events_projected_total", "outcome=duplicate");
        measured.assertIncrease(1, "polar_payments_total", "outcome=paid");
    }

    @Test
    void checkouts_areCountedOnceByHowTheyEnd_howeverOftenItIsTold() {
        String succeeded = any();
        project(any(), checkout(succeeded, "open", "2026-11-01T00:00:00Z"));
        String last = any();
        project(last, checkout(succeeded, "succeeded", "2026-11-03T00:00:00Z"));
        project(last, checkout(succeeded, "succeeded", "2026-11-03T00:00:00Z"));
        project(any(), checkout(succeeded, "succeeded", "2026-11-04T00:00:00Z"));
        project(any(), checkout(succeeded, "confirmed", "2026-11-02T00:00:00Z"));
        project(any(), checkout(any(), "failed", "2026-11-01T00:00:00Z"));
        project(any(), checkout(any(), "expired", "2026-11-01T00:00:00Z"));
        project(any(), checkout(any(), "a new one", "2026-11-01T00:00:00Z"));
        project(any(), checkout(any(), "succeeded", "2026-11-01T00:00:00Z").replace("plinto_request_id", "another"));

        measured.awaitIncrease(1, "polar_events_projected_total", "outcome=duplicate");
        measured.awaitIncrease(7, "polar_events_projected_total", "outcome=applied");
        measured.awaitIncrease(1, "polar_events_projected_total", "outcome=stale");
        for (String outcome : List.of("outcome=succeeded", "outcome=failed", "outcome=expired")) {
            measured.assertIncrease(1, "polar_checkouts_total", "provider=polar", outcome);
        }
    }

    @Test
    void lostExternalId_isCountedOnce_andTheCustomerStaysLinked() {
        String customer = any();
        String lost = any();
        project(any(), """
                {"type":"customer.created","timestamp":"2026-11-01T00:00:00Z","data":{"id":"%s","external_id":"%s"}}"""
                .formatted(customer, "org-" + customer));
        String state = """
                {"type":"customer.state_changed","timestamp":"2026-11-02T00:00:00Z","data":{"id":"%s",
                 "external_id":null,"deleted_at":null,"granted_benefits":[]}}""".formatted(customer);
        project(lost, state);
        project(lost, state);

        measured.awaitIncrease(1, "polar_events_projected_total", "outcome=duplicate");
        measured.assertIncrease(1, "polar_external_id_dropped_total");
        assertThat(database.column("SELECT external_id FROM customers WHERE id = ?", customer))
                .containsExactly("org-" + customer);
    }

    /// The release before stored the moment of a statement that had lost the link. It must not outweigh the older one
    /// that has it.
    @Test
    void storedMomentOfALostLink_doesNotOutweighAnOlderLink() {
        String customer = any();
        String statement = """
                {"type":"customer.updated","timestamp":"%s","data":{"id":"%s","external_id":%s,"deleted_at":null}}""";
        project(any(), statement.formatted("2026-11-05T00:00:00Z", customer, "null"));
        measured.awaitIncrease(1, "polar_events_projected_total", "outcome=applied");
        database.execute("UPDATE customers SET older = NULL WHERE id = ?", customer);

        project(any(), statement.formatted("2026-11-01T00:00:00Z", customer, "\"org-" + customer + "\""));

        measured.awaitIncrease(2, "polar_events_projected_total", "outcome=applied");
        assertThat(database.column("SELECT external_id FROM customers WHERE id = ?", customer))
                .containsExactly("org-" + customer);
    }

    /// Waits until all gauges were sampled again.
    private void settle() {
        String id = any();
        double parked = database.number("SELECT count(*) FROM parked WHERE reason = 'other_merchant'");
        database.execute("INSERT INTO parked (webhook_id, reason, detail, received_at, origin, body) "
                + "VALUES (?, 'other_merchant', 'for a test', now(), 'webhook', '')", id);
        awaitParked("other_merchant", parked + 1);
        database.execute("DELETE FROM parked WHERE webhook_id = ?", id);
        awaitParked("other_merchant", parked);
    }

    private void awaitParked(String reason, double events) {
        await().atMost(PATIENCE).until(() -> measured.value("polar_parked_events", "reason=" + reason) == events);
    }

    private static void project(String webhookId, String body) {
        rawTopic.write(List.of(RawTopicWriter.record(webhookId, utf8(body))));
    }

    private static String grant(String id, String customer, String moment) {
        return """
                {"type":"benefit_grant.created","timestamp":"%s","data":{"id":"%s","customer_id":"%s",
                 "benefit_id":"benefit-m","is_granted":true,"customer":{"id":"%s","created_at":"2026-10-01T00:00:00Z"},
                 "benefit":{"id":"benefit-m","type":"custom","description":"Help by phone","metadata":{},
                 "created_at":"2026-10-01T00:00:00Z"}}}""".formatted(moment, id, customer, customer);
    }

    private static String paid(String customer, long amount) {
        return """
                {"type":"order.paid","timestamp":"2026-11-02T00:00:00Z","data":{"id":"%s","customer_id":"%s",
                 "status":"paid","total_amount":%d}}""".formatted(any(), customer, amount);
    }

    private static String subscription(String id, String customer, String status, String endedAt, String moment) {
        return """
                {"type":"subscription.updated","timestamp":"%s","data":{"id":"%s","customer_id":"%s","status":"%s",
                 "ended_at":%s}}""".formatted(moment, id, customer, status, endedAt);
    }

    private static String checkout(String id, String status, String moment) {
        return """
                {"type":"checkout.updated","timestamp":"%s","data":{"id":"%s","status":"%s",
                 "metadata":{"plinto_request_id":"%s"}}}""".formatted(moment, id, status, id);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String any() {
        return "m-" + UUID.randomUUID();
    }
}
