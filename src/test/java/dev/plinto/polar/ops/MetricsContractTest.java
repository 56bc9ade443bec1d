package dev.plinto.polar.ops;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinto.polar.WebhookDialect;
import dev.plinto.polar.testing.MetricsDelta;
import dev.plinto.polar.testing.MetricsDocument;
import dev.plinto.polar.testing.PrometheusText;
import dev.plinto.polar.testing.SandboxStack;
import io.quarkus.arc.All;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Every metric of the contract is served under the name that alerts and dashboards use, and is in `docs/metrics.md`.
/// Their values are tested in `ingress`, `projection` and `relay`.
@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
class MetricsContractTest {

    /// Others depend on names, types and labels: they are never changed, only added to.
    private static final Map<String, String> CONTRACT = Map.ofEntries(
            Map.entry("polar_webhook_received_total", "counter {outcome, type}"),
            Map.entry("polar_webhook_ack_seconds", "histogram {}"),
            Map.entry("polar_webhook_signature_total", "counter {result, scheme}"),
            Map.entry("polar_connections_cut_total", "counter {reason}"),
            Map.entry("polar_events_projected_total", "counter {outcome}"),
            Map.entry("polar_webhook_conflicts_total", "counter {}"),
            Map.entry("polar_freshness_seconds", "histogram {stage}"),
            Map.entry("polar_oldest_pending_seconds", "gauge {stage}"),
            Map.entry("polar_partition_lag_seconds", "gauge {partition}"),
            Map.entry("polar_outbox_pending", "gauge {}"),
            Map.entry("polar_spool_pending", "gauge {}"),
            Map.entry("polar_relay_leader", "gauge {}"),
            Map.entry("polar_parked_events", "gauge {reason}"),
            Map.entry("polar_unlinked_accounts", "gauge {}"),
            Map.entry("polar_unmapped_plans", "gauge {}"),
            Map.entry("polar_double_subscriptions", "gauge {}"),
            Map.entry("polar_customer_requests_oldest_seconds", "gauge {}"),
            Map.entry("polar_contradictions", "gauge {kind}"),
            Map.entry("polar_active_subscriptions", "gauge {product}"),
            Map.entry("polar_ended_subscriptions", "gauge {product}"),
            Map.entry("polar_ending_subscriptions", "gauge {product}"),
            Map.entry("polar_problems_total", "counter {type}"),
            Map.entry("polar_external_id_dropped_total", "counter {}"),
            Map.entry("polar_payments_total", "counter {outcome}"),
            Map.entry("polar_checkouts_total", "counter {outcome, provider}"),
            Map.entry("polar_unclaimed_checkouts_total", "counter {}"),
            Map.entry("polar_routing_total", "counter {provider, reason}"),
            Map.entry("polar_erasures_pending", "gauge {}"),
            Map.entry("polar_erasure_oldest_pending_seconds", "gauge {}"),
            Map.entry("polar_erasures_in_trouble", "gauge {}"),
            Map.entry("polar_usage_events_total", "counter {outcome}"),
            Map.entry("polar_usage_pending", "gauge {}"),
            Map.entry("polar_usage_oldest_pending_seconds", "gauge {}"),
            Map.entry("polar_usage_not_billable", "gauge {}"),
            Map.entry("polar_usage_parked", "gauge {}"),
            Map.entry("polar_activation_seconds", "histogram {}"),
            Map.entry("polar_changes_published_total", "counter {change}"),
            Map.entry("polar_reconcile_repairs_total", "counter {kind}"),
            Map.entry("polar_reconcile_last_success_timestamp_seconds", "gauge {}"),
            Map.entry("polar_due_reads", "gauge {}"),
            Map.entry("polar_endpoint_enabled", "gauge {}"),
            Map.entry("polar_endpoint_failed_events", "gauge {}"),
            Map.entry("polar_api_version_expiry_timestamp_seconds", "gauge {}"),
            Map.entry("polar_provider_requests_total", "counter {operation, provider, status}"),
            Map.entry("polar_provider_seconds", "histogram {operation, provider}"));

    private static final MetricsDocument DOCUMENT = MetricsDocument.read();

    @TestHTTPResource("/")
    URI service;

    @Inject
    @All
    List<WebhookDialect> dialects;

    private PrometheusText served;

    @BeforeEach
    void readMetrics() {
        served = MetricsDelta.whenIdle(service).before();
    }

    @Test
    void metricsOfTheContract_areServedFromTheStart_andNoOthers() {
        Map<String, String> exposed = new TreeMap<>();
        served.type().forEach((name, type) -> {
            if (name.startsWith("polar_") && !name.endsWith("_seconds_max")) { // Micrometer's own, beside a histogram
                exposed.put(name, type + " " + served.labelsOf(series(name)).stream().map(Map::keySet)
                        .map(MetricsContractTest::braced).distinct().collect(Collectors.joining(" or ")));
            }
        });

        assertThat(exposed).containsExactlyInAnyOrderEntriesOf(CONTRACT);
        assertThat(CONTRACT.keySet()).allSatisfy(name -> assertThat(served.help().get(name)).as(name).isNotBlank());
    }

    @Test
    void metricsOfTheContract_areDocumented_andNoOthers() {
        Map<String, String> documented = new TreeMap<>();
        DOCUMENT.metrics().forEach(
                (name, metric) -> documented.put(name, metric.type() + " " + braced(metric.labels().keySet())));

        assertThat(documented).containsExactlyInAnyOrderEntriesOf(CONTRACT);
    }

    @Test
    void documentedLabelValues_areTheServedOnes() {
        DOCUMENT.metrics().forEach((name, metric) -> metric.labels().forEach((label, values) -> {
            if (!values.isEmpty()) {
                assertThat(served.labelsOf(series(name)).stream().map(labels -> labels.get(label)))
                        .as(name + " " + label).containsOnly(values.toArray(new String[0]));
            }
        }));
    }

    @Test
    void labels_haveExactlyTheValuesOfTheContract() {
        Set<String> types = Stream.concat(Stream.of("other"),
                dialects.stream().flatMap(dialect -> dialect.typeLabels().values().stream()))
                .collect(Collectors.toSet());
        assertThat(served.labelsOf("polar_webhook_received_total")).isEqualTo(Stream.concat(
                types.stream().flatMap(type -> Stream.of("accepted", "spooled", "unavailable")
                        .map(outcome -> Map.of("type", type, "outcome", outcome))),
                Stream.of(Map.of("type", "other", "outcome", "rejected"))).collect(Collectors.toSet()));
        assertThat(served.labelsOf("polar_webhook_signature_total")).isEqualTo(Set.of(
                Map.of("result", "ok", "scheme", "standard"), Map.of("result", "ok", "scheme", "legacy"),
                Map.of("result", "ok", "scheme", "digest"),
                Map.of("result", "bad", "scheme", "none"), Map.of("result", "stale", "scheme", "none"),
                Map.of("result", "malformed", "scheme", "none")));
        assertThat(served.values("polar_events_projected_total", "outcome"))
                .containsOnlyKeys("applied", "duplicate", "stale", "ignored", "parked");
        assertThat(served.values("polar_freshness_seconds_count", "stage")).containsOnlyKeys("projected", "published");
        assertThat(served.values("polar_oldest_pending_seconds", "stage"))
                .containsOnlyKeys("projected", "published", "fanout");
        assertThat(served.values("polar_partition_lag_seconds", "partition"))
                .containsOnlyKeys("0", "1", "2", "3", "4", "5", "conekta:0", "conekta:1", "conekta:2", "conekta:3",
                        "conekta:4", "conekta:5");
        assertThat(served.values("polar_reconcile_repairs_total", "kind"))
                .containsOnlyKeys("delivery", "customer", "subscription", "grant", "order", "product", "checkout",
                        "member", "seat", "meter", "customer_meter");
        assertThat(served.values("polar_parked_events", "reason"))
                .containsOnlyKeys("not_an_event", "malformed", "other_merchant", "failed");
        assertThat(served.values("polar_contradictions", "kind"))
                .containsOnlyKeys("deleted_customer", "ended_subscription", "two_accounts");
    }

    @Test
    void helpOfAMetricWithStages_describesAllOfThem() {
        assertThat(served.help().get("polar_freshness_seconds")).contains("projected,", "published,");
        assertThat(served.help().get("polar_oldest_pending_seconds")).contains("projected,", "published;");
    }

    /// The name of one of the metric's series.
    private String series(String name) {
        return "histogram".equals(served.type().get(name)) ? name + "_count" : name;
    }

    private static String braced(Set<String> labels) {
        return new TreeSet<>(labels).stream().collect(Collectors.joining(", ", "{", "}"));
    }
}
