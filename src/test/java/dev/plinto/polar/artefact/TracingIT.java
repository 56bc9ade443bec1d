package dev.plinto.polar.artefact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.plinto.polar.Topics;
import dev.plinto.polar.testing.OwnStack;
import dev.plinto.polar.testing.PackagedService;
import dev.plinto.polar.testing.ReceivedTopic;
import dev.plinto.polar.testing.SandboxStack;
import dev.plinto.polar.testing.SignedDelivery;
import dev.plinto.polar.testing.SpanCollector;
import dev.plinto.polar.testing.SpanCollector.Span;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// With an endpoint configured, one trace leads from a delivery to its changes; without one, nothing is traced, and no
/// exporter is loaded.
class TracingIT {

    private static final String EMAIL = "traced@customer.example";
    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final String GATEWAY = "b7ad6b7169203331";
    private static final String POST = "POST /api/v1/polar/webhooks";
    private static final String PROCESS = "process " + Topics.RECEIVED;
    private static final String SEND_SUBSCRIPTION = "send " + Topics.SUBSCRIPTION_CHANGED;
    private static final String SEND_ENTITLEMENTS = "send " + Topics.ENTITLEMENT_CHANGED;

    private final String organization = "traced-" + UUID.randomUUID();
    private final String subscription = UUID.randomUUID().toString();
    private final String customer = UUID.randomUUID().toString(); // one for all, which keeps them in order

    @Test
    void endpoint_tracesADeliveryToItsChanges() {
        try (SpanCollector collector = new SpanCollector()) {
            Map<String, String> environment = SandboxStack.productionEnvironment();
            environment.put("OTEL_EXPORTER_OTLP_ENDPOINT", collector.endpoint());
            environment.put("OTEL_BSP_SCHEDULE_DELAY", "100");
            environment.put("JAVA_TOOL_OPTIONS", OwnStack.JAVA_OPTIONS);
            try (PackagedService service = PackagedService.start(environment)) {
                SignedDelivery fromGateway = delivery(bought()).with("traceparent", parent("01"));
                SignedDelivery unsampled = delivery(granted()).with("traceparent", parent("00"));
                SignedDelivery withoutParent = delivery(granted());
                List.of(fromGateway, unsampled, withoutParent)
                        .forEach(delivery -> assertThat(delivery.send(service.webhooks()).statusCode()).isEqualTo(202));

                assertContinuesTheGatewaysTrace(collector, fromGateway);
                assertBeginsATrace(collector, withoutParent);
                assertThat(context(ReceivedTopic.record(unsampled.webhookId()).headers()))
                        .startsWith("00-" + TRACE).endsWith("-00");
                assertThat(collector.spans()).extracting(Span::attributes)
                        .noneMatch(attributes -> unsampled.webhookId().equals(attributes.get("polar.webhook_id")))
                        .noneMatch(attributes -> attributes.toString().contains(EMAIL));
            }
        }
    }

    private void assertContinuesTheGatewaysTrace(SpanCollector collector, SignedDelivery delivery) {
        Span post = span(collector, POST, GATEWAY);
        Span process = span(collector, PROCESS, post.id());
        Span send = span(collector, SEND_SUBSCRIPTION, process.id());

        assertThat(List.of(post, process, send)).extracting(Span::traceId).containsOnly(TRACE);
        assertThat(post.attributes()).containsEntry("polar.webhook_id", delivery.webhookId())
                .containsEntry("polar.event_type", "subscription.created").containsEntry("polar.outcome", "accepted")
                .containsEntry("http.response.status_code", "202");
        assertThat(process.attributes()).containsEntry("polar.outcome", "applied");
        assertThat(context(ReceivedTopic.record(delivery.webhookId()).headers()))
                .isEqualTo("00-" + TRACE + "-" + post.id() + "-01");
        assertThat(context(ReceivedTopic.newest(Topics.SUBSCRIPTION_CHANGED, subscription).headers()))
                .isEqualTo("00-" + TRACE + "-" + process.id() + "-01");
    }

    private void assertBeginsATrace(SpanCollector collector, SignedDelivery delivery) {
        Span post = span(collector, POST, "");
        Span send = span(collector, SEND_ENTITLEMENTS, span(collector, PROCESS, post.id()).id());

        assertThat(post.attributes()).containsEntry("polar.webhook_id", delivery.webhookId());
        assertThat(send.traceId()).isEqualTo(post.traceId()).isNotEqualTo(TRACE);
        assertThat(context(ReceivedTopic.newest(Topics.ENTITLEMENT_CHANGED, organization).headers()))
                .startsWith("00-" + post.traceId());
    }

    @Test
    void noEndpoint_writesNoHeaderAndLoadsNoExporter() throws IOException {
        Path classes = Files.createTempFile(Path.of("target").toAbsolutePath(), "classes-", ".log");
        Map<String, String> environment = SandboxStack.productionEnvironment();
        // As packaged: the JVM loads classes of an AOT cache that nothing uses.
        environment.put("JAVA_TOOL_OPTIONS", "-Xlog:class+load:file=" + classes + " " + OwnStack.JAVA_OPTIONS);
        try (PackagedService service = PackagedService.start(environment)) {
            SignedDelivery delivery = delivery(bought()).with("traceparent", parent("01"));
            assertThat(delivery.send(service.webhooks()).statusCode()).isEqualTo(202);

            assertThat(context(ReceivedTopic.newest(Topics.SUBSCRIPTION_CHANGED, subscription).headers())).isNull();
            assertThat(context(ReceivedTopic.record(delivery.webhookId()).headers())).isNull();
            assertThat(service.output()).doesNotContainIgnoringCase("otel", "opentelemetry", "trace");
        }
        assertThat(Files.readAllLines(classes)).anyMatch(line -> line.contains(" dev.plinto.polar.telemetry.Tracing "))
                .noneMatch(line -> line.contains(" io.opentelemetry.sdk."))
                .noneMatch(line -> line.contains(" io.opentelemetry.exporter."));
        Files.delete(classes);
    }

    private String bought() {
        return """
                {"type":"subscription.created","timestamp":"2026-11-20T07:00:00Z",
                 "data":{"id":"%s","customer_id":"%s","status":"active","metadata":{"organization_id":"%s"},
                         "customer":{"email":"%s"}}}""".formatted(subscription, customer, organization, EMAIL);
    }

    private String granted() {
        return """
                {"type":"benefit_grant.created","timestamp":"2026-11-20T07:00:01Z",
                 "data":{"id":"%s","customer_id":"%s","subscription_id":"%s","benefit_id":"traced",
                 "is_granted":true}}"""
                .formatted(UUID.randomUUID(), customer, subscription);
    }

    private static SignedDelivery delivery(String body) {
        return SignedDelivery.of("evt_" + UUID.randomUUID(), body.getBytes(StandardCharsets.UTF_8), Instant.now(),
                SandboxStack.PRODUCTION_SECRET.getBytes(StandardCharsets.UTF_8));
    }

    private static String parent(String flags) {
        return "00-" + TRACE + "-" + GATEWAY + "-" + flags;
    }

    private static Span span(SpanCollector collector, String name, String parentId) {
        return await().atMost(Duration.ofSeconds(20)).until(() -> collector.spans().stream()
                .filter(span -> span.name().equals(name) && span.parentId().equals(parentId)).toList(),
                found -> !found.isEmpty()).getFirst();
    }

    /// Null if the record belongs to no trace.
    private static String context(org.apache.kafka.common.header.Headers headers) {
        var header = headers.lastHeader("traceparent");
        return header == null ? null : new String(header.value(), StandardCharsets.UTF_8);
    }
}
