package dev.plinto.polar.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.plinto.polar.RecordHeaders;
import dev.plinto.polar.Topics;
import dev.plinto.polar.polar.EventType;
import dev.plinto.polar.testing.Database;
import dev.plinto.polar.testing.PrometheusText;
import dev.plinto.polar.testing.RawConnection;
import dev.plinto.polar.testing.RawTopicWriter;
import dev.plinto.polar.testing.SandboxStack;
import dev.plinto.polar.testing.SignedDelivery;
import dev.plinto.polar.testing.SuspendedBroker;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Each metric of the contract, by the name under which alerts and dashboards know it, driven to a known value. Other
/// tests count too, so counters are compared with what they were before.
@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
class MetricsTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /// Names, types and labels are what others build on: they are never changed, only added to.
    private static final Map<String, String> CONTRACT = Map.ofEntries(
            Map.entry("polar_webhook_received_total", "counter {outcome, type}"),
            Map.entry("polar_webhook_ack_seconds", "histogram {}"),
            Map.entry("polar_webhook_signature_total", "counter {result, scheme}"),
            Map.entry("polar_events_projected_total", "counter {outcome}"),
            Map.entry("polar_freshness_seconds", "histogram {stage}"),
            Map.entry("polar_oldest_pending_seconds", "gauge {stage}"),
            Map.entry("polar_partition_lag_seconds", "gauge {partition}"),
            Map.entry("polar_outbox_pending", "gauge {}"),
            Map.entry("polar_relay_leader", "gauge {}"),
            Map.entry("polar_parked_events", "gauge {reason}"),
            Map.entry("polar_unlinked_accounts", "gauge {}"),
            Map.entry("polar_reconcile_repairs_total", "counter {kind}"),
            Map.entry("polar_reconcile_last_success_timestamp_seconds", "gauge {}"),
            Map.entry("polar_endpoint_enabled", "gauge {}"),
            Map.entry("polar_endpoint_failed_events", "gauge {}"),
            Map.entry("polar_api_version_expiry_timestamp_seconds", "gauge {}"),
            Map.entry("polar_provider_requests_total", "counter {operation, status}"));

    private static Database database;
    private static RawTopicWriter rawTopic;

    @TestHTTPResource("/")
    URI service;

    private PrometheusText before;

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
    void look() {
        await().atMost(PATIENCE).until(() -> value("polar_oldest_pending_seconds", "stage=projected") == 0
                && value("polar_outbox_pending") == 0 && value("polar_relay_leader") == 1);
        before = now();
    }

    @Test
    void everyMetricOfTheContract_isThereFromTheStart_andNoOther() {
        Map<String, String> there = new TreeMap<>();
        before.type().forEach((name, type) -> {
            if (name.startsWith("polar_") && !name.endsWith("_seconds_max")) { // Micrometer's own, beside a histogram
                there.put(name, type + " " + labels(type.equals("histogram") ? name + "_count" : name));
            }
        });

        assertThat(there).containsExactlyInAnyOrderEntriesOf(CONTRACT);
        assertThat(CONTRACT.keySet()).allSatisfy(name -> assertThat(before.help().get(name)).as(name).isNotBlank());
    }

    @Test
    void labels_haveTheValuesOfTheContract_andNoOthers() {
        Set<String> types = Stream.concat(Stream.of("other"),
                        Arrays.stream(EventType.values()).map(EventType::wireName))
                .collect(Collectors.toSet());
        assertThat(before.labelsOf("polar_webhook_received_total")).isEqualTo(Stream.concat(
                types.stream().flatMap(type -> Stream.of("accepted", "unavailable")
                        .map(outcome -> Map.of("type", type, "outcome", outcome))),
                Stream.of(Map.of("type", "other", "outcome", "rejected"))).collect(Collectors.toSet()));
        assertThat(before.labelsOf("polar_webhook_signature_total")).isEqualTo(Set.of(
                Map.of("result", "ok", "scheme", "standard"), Map.of("result", "ok", "scheme", "legacy"),
                Map.of("result", "bad", "scheme", "none"), Map.of("result", "stale", "scheme", "none"),
                Map.of("result", "malformed", "scheme", "none")));
        assertThat(before.values("polar_events_projected_total", "outcome"))
                .containsOnlyKeys("applied", "duplicate", "stale", "ignored", "parked");
        assertThat(before.values("polar_freshness_seconds_count", "stage")).containsOnlyKeys("projected", "published");
        assertThat(before.values("polar_oldest_pending_seconds", "stage")).containsOnlyKeys("projected", "published");
        assertThat(before.values("polar_partition_lag_seconds", "partition"))
                .containsOnlyKeys("0", "1", "2", "3", "4", "5");
        assertThat(before.values("polar_reconcile_repairs_total", "kind"))
                .containsOnlyKeys("delivery", "customer", "subscription", "grant");
        assertThat(before.values("polar_parked_events", "reason"))
                .containsOnlyKeys("not_an_event", "malformed", "other_merchant", "failed");
    }

    @Test
    void descriptionOfAMetricWithStages_tellsOfAllOfThem() {
        assertThat(before.help().get("polar_freshness_seconds")).contains("projected,", "published,");
        assertThat(before.help().get("polar_oldest_pending_seconds")).contains("projected,", "published;");
    }

    @Test
    void acceptedDelivery_countsByItsType_withItsSignatureAndItsAnswer() {
        deliver(SignedDelivery.of("{\"type\":\"order.paid\",\"data\":{\"id\":\"o\",\"customer_id\":\"c\"}}"), 202);

        assertMore(1, "polar_webhook_received_total", "type=order.paid", "outcome=accepted");
        assertMore(1, "polar_webhook_signature_total", "result=ok", "scheme=standard");
        assertMore(1, "polar_webhook_ack_seconds_count");
        assertMore(1, "polar_webhook_ack_seconds_bucket", "le=2.0");
        assertMore(1, "polar_webhook_ack_seconds_bucket", "le=+Inf");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"type\":\"wallet.topped_up\",\"data\":{\"id\":\"w\"}}", "this is no event"})
    void deliveryOfATypeThatIsNotKnown_countsAsOther(String body) {
        deliver(SignedDelivery.of(body), 202);

        assertMore(1, "polar_webhook_received_total", "type=other", "outcome=accepted");
    }

    @Test
    void refusedDeliveries_countByWhatWasWrongWithTheSignature() {
        SignedDelivery good = SignedDelivery.of("{\"type\":\"order.paid\",\"data\":{\"id\":\"o\"}}");
        deliver(good.without("webhook-signature"), 401);
        deliver(good.with("webhook-signature", "v1,AAAA"), 401);
        deliver(SignedDelivery.of("evt", good.body(), Instant.now().minusSeconds(3600)), 401);

        assertMore(1, "polar_webhook_signature_total", "result=malformed", "scheme=none");
        assertMore(1, "polar_webhook_signature_total", "result=bad", "scheme=none");
        assertMore(1, "polar_webhook_signature_total", "result=stale", "scheme=none");
        assertMore(3, "polar_webhook_received_total", "type=other", "outcome=rejected");
        assertMore(0, "polar_webhook_ack_seconds_count");
    }

    @Test
    void deliveryThatTheBrokerDoesNotTake_countsAsUnavailable() throws Exception {
        SuspendedBroker suspended = new SuspendedBroker();
        try (suspended) {
            deliver(SignedDelivery.of("{\"type\":\"refund.created\",\"data\":{\"id\":\"r\"}}"), 503);
        }
        assertMore(1, "polar_webhook_received_total", "type=refund.created", "outcome=unavailable");
    }

    @Test
    void events_countByWhatBecameOfThem() {
        String id = any();
        String customer = any();
        String grant = any();
        project(id, grant(grant, customer, "2026-11-03T00:00:00Z"));
        awaitMore(1, "polar_events_projected_total", "outcome=applied");

        project(id, grant(grant, customer, "2026-11-03T00:00:00Z"));
        awaitMore(1, "polar_events_projected_total", "outcome=duplicate");

        // The objects it embeds are as old as before, and on a tie the greater webhook id is news.
        project("0-" + any(), grant(grant, customer, "2026-11-02T00:00:00Z"));
        awaitMore(1, "polar_events_projected_total", "outcome=stale");

        project(any(), "{\"type\":\"wallet.topped_up\",\"data\":{\"id\":\"w\"}}");
        awaitMore(1, "polar_events_projected_total", "outcome=ignored");

        project(any(), "[]");
        awaitMore(1, "polar_events_projected_total", "outcome=parked");
    }

    @Test
    void freshness_isFromReceipt_inBothStages() {
        rawTopic.write(List.of(RawTopicWriter.header(
                RawTopicWriter.record(any(), utf8(grant(any(), any(), "2026-11-01T00:00:00Z"))),
                RecordHeaders.RECEIVED_AT, Instant.now().minusSeconds(100).toString())));

        for (String stage : List.of("stage=projected", "stage=published")) {
            awaitMore(1, "polar_freshness_seconds_count", stage);
            assertMore(0, "polar_freshness_seconds_bucket", stage, "le=60.0");
            assertMore(1, "polar_freshness_seconds_bucket", stage, "le=600.0");
            assertThat(value("polar_freshness_seconds_sum", stage) - before.value("polar_freshness_seconds_sum", stage))
                    .isBetween(100.0, 120.0);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"not_an_event", "malformed", "other_merchant", "failed"})
    void parkedEvents_areCountedByReason_asTheTableHoldsThem(String reason) {
        database.execute("DELETE FROM parked WHERE reason = ?", reason);
        await().atMost(PATIENCE).until(() -> value("polar_parked_events", "reason=" + reason) == 0);
        String insert = "INSERT INTO parked (webhook_id, type, reason, detail, received_at, origin, body) "
                + "VALUES (?, 'order.paid', ?, 'for a test', now(), 'webhook', '')";
        database.execute(insert, any(), reason);
        database.execute(insert, any(), reason);
        await().atMost(PATIENCE).until(() -> value("polar_parked_events", "reason=" + reason) == 2);

        database.execute("DELETE FROM parked WHERE reason = ?", reason);
        await().atMost(PATIENCE).until(() -> value("polar_parked_events", "reason=" + reason) == 0);
    }

    @Test
    void bodyThatIsNoEvent_isAParkedEvent() {
        database.execute("DELETE FROM parked");
        await().atMost(PATIENCE).until(() -> value("polar_parked_events", "reason=not_an_event") == 0);
        before = now();

        deliver(SignedDelivery.of("this is no event"), 202);

        awaitMore(1, "polar_parked_events", "reason=not_an_event");
    }

    @Test
    void customerWithLiveGrantsAndNoOrganization_isOneUnlinkedAccount_untilItIsLinked() {
        String customer = any();
        before = settled();
        project(any(), grant(any(), customer, "2026-11-01T00:00:00Z"));
        awaitMore(1, "polar_unlinked_accounts");
        project(any(), grant(any(), customer, "2026-11-01T00:00:00Z"));
        project(any(), subscription(any(), customer, "active", "null", "2026-11-01T00:00:00Z"));
        awaitMore(3, "polar_events_projected_total", "outcome=applied");
        assertThat(settled().value("polar_unlinked_accounts") - before.value("polar_unlinked_accounts")).isOne();

        project(any(), """
                {"type":"customer.updated","timestamp":"2026-11-02T00:00:00Z","data":{"id":"%s","external_id":"org-%s",
                 "created_at":"2026-10-01T00:00:00Z","modified_at":"2026-11-02T00:00:00Z"}}"""
                .formatted(customer, any()));
        awaitMore(0, "polar_unlinked_accounts");
    }

    @Test
    void subscriptionOfACustomerWithoutOrganization_isAnUnlinkedAccount_untilItEnds() {
        String customer = any();
        String subscription = any();
        before = settled();
        project(any(), subscription(subscription, customer, "active", "null", "2026-11-01T00:00:00Z"));
        awaitMore(1, "polar_unlinked_accounts");

        project(any(), subscription(subscription, customer, "canceled", "\"2026-11-02T00:00:00Z\"",
                "2026-11-02T00:00:00Z"));
        awaitMore(0, "polar_unlinked_accounts");
    }

    @Test
    void messageThatStaysInTheOutbox_isPending_andItsAgeGrowsFromReceipt() {
        assertThat(before.value("polar_outbox_pending")).isZero();
        assertThat(before.value("polar_oldest_pending_seconds", "stage=published")).isZero();
        String key = any();
        database.execute("INSERT INTO outbox (topic, key, headers, value, received_at) VALUES (?, ?, '{}', "
                + "convert_to(repeat('x', 9000000), 'UTF8'), now() - interval '100 s')",
                Topics.ENTITLEMENT_CHANGED, key);

        await().atMost(PATIENCE).until(() -> value("polar_outbox_pending") == 1);
        double age = value("polar_oldest_pending_seconds", "stage=published");
        assertThat(age).isBetween(100.0, 120.0);
        await().atMost(PATIENCE).until(() -> value("polar_oldest_pending_seconds", "stage=published") > age + 1);

        database.execute("DELETE FROM outbox WHERE key = ?", key);
        await().atMost(PATIENCE).until(() -> value("polar_outbox_pending") == 0
                && value("polar_oldest_pending_seconds", "stage=published") == 0);
    }

    @Test
    void whileNobodyPublishes_thisReplicaDoesNotLead_andMessagesAgeEvenWithoutAReceipt() {
        database.execute("UPDATE relay_lease SET holder = 'nobody', expires_at = now() + interval '1 hour'");
        try {
            await().atMost(PATIENCE).until(() -> value("polar_relay_leader") == 0);
            database.execute("INSERT INTO outbox (topic, key, headers, value) VALUES (?, ?, '{}', '{}')",
                    Topics.ENTITLEMENT_CHANGED, any());
            await().atMost(PATIENCE).until(() -> value("polar_outbox_pending") == 1
                    && value("polar_oldest_pending_seconds", "stage=published") > 1);
        } finally {
            database.execute("DELETE FROM relay_lease");
        }
        await().atMost(PATIENCE).until(() -> value("polar_relay_leader") == 1 && value("polar_outbox_pending") == 0
                && value("polar_oldest_pending_seconds", "stage=published") == 0);
    }

    @Test
    void whatSendersMakeUp_makesNoSeries() throws Exception {
        HttpClient http = HttpClient.newHttpClient();
        for (String method : List.of("GET", "POST", "DELETE", "PATCH", "NO-SUCH-" + any())) {
            for (String path : List.of("/no-such-", "/api/v1/polar/no-such-", "/api/v1/polar/webhooks/no-such-",
                    "/q/no-such-", "/api/v1/polar/ops/no-such-", "/sandbox/topics/no-such-")) {
                http.send(HttpRequest.newBuilder(service.resolve(path + any()))
                        .method(method, HttpRequest.BodyPublishers.ofString("x")).build(),
                        HttpResponse.BodyHandlers.discarding());
            }
        }
        URI whole = service.resolve("/no-such-" + any());
        try (RawConnection large = new RawConnection(whole)) { // refused for its length before anybody looks for it
            large.send("POST " + whole.getPath() + " HTTP/1.1\r\nhost: x\r\ncontent-length: 99999999\r\n\r\n");
            assertThat(large.answer()).startsWith("HTTP/1.1 413");
        }
        assertThat(now().labelsOf("http_server_requests_seconds_count")).isNotEmpty()
                .noneMatch(labels -> labels.get("uri").contains("no-such"))
                .noneMatch(labels -> labels.get("method").contains("NO-SUCH"))
                .anyMatch(labels -> labels.get("method").equals("OTHER"));
    }

    /// When all gauges have been looked at again since now.
    private PrometheusText settled() {
        String id = any();
        double parked = database.number("SELECT count(*) FROM parked WHERE reason = 'other_merchant'");
        database.execute("INSERT INTO parked (webhook_id, reason, detail, received_at, origin, body) "
                + "VALUES (?, 'other_merchant', 'for a test', now(), 'webhook', '')", id);
        await().atMost(PATIENCE).until(() -> value("polar_parked_events", "reason=other_merchant") == parked + 1);
        database.execute("DELETE FROM parked WHERE webhook_id = ?", id);
        await().atMost(PATIENCE).until(() -> value("polar_parked_events", "reason=other_merchant") == parked);
        return now();
    }

    private String labels(String name) {
        return before.labelsOf(name).stream().map(Map::keySet).map(TreeSet::new).distinct()
                .map(names -> names.stream().collect(Collectors.joining(", ", "{", "}")))
                .collect(Collectors.joining(" or "));
    }

    private void deliver(SignedDelivery delivery, int status) {
        assertThat(delivery.send(service.resolve("/api/v1/polar/webhooks")).statusCode()).isEqualTo(status);
    }

    private static void project(String webhookId, String body) {
        rawTopic.write(List.of(RawTopicWriter.record(webhookId, utf8(body))));
    }

    private void assertMore(double more, String name, String... labels) {
        assertThat(value(name, labels) - before.value(name, labels)).as(name + List.of(labels)).isEqualTo(more);
    }

    private void awaitMore(double more, String name, String... labels) {
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(50))
                .untilAsserted(() -> assertMore(more, name, labels));
    }

    private double value(String name, String... labels) {
        return now().value(name, labels);
    }

    private PrometheusText now() {
        return PrometheusText.of(service);
    }

    private static String grant(String id, String customer, String moment) {
        return """
                {"type":"benefit_grant.created","timestamp":"%s","data":{"id":"%s","customer_id":"%s",
                 "benefit_id":"benefit-m","is_granted":true,"customer":{"id":"%s","created_at":"2026-10-01T00:00:00Z"},
                 "benefit":{"id":"benefit-m","type":"custom","description":"Help by phone","metadata":{},
                 "created_at":"2026-10-01T00:00:00Z"}}}""".formatted(moment, id, customer, customer);
    }

    private static String subscription(String id, String customer, String status, String endedAt, String moment) {
        return """
                {"type":"subscription.updated","timestamp":"%s","data":{"id":"%s","customer_id":"%s","status":"%s",
                 "ended_at":%s}}""".formatted(moment, id, customer, status, endedAt);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String any() {
        return "m-" + UUID.randomUUID();
    }
}
