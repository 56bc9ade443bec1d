package dev.plinto.polar.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinto.polar.testing.MetricsDelta;
import dev.plinto.polar.testing.PrometheusText;
import dev.plinto.polar.testing.RawConnection;
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
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The metrics of deliveries, and of requests to unknown paths.
@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
class IngressMetricsTest {

    @TestHTTPResource("/")
    URI service;

    private MetricsDelta measured;

    @BeforeEach
    void measure() {
        measured = MetricsDelta.whenIdle(service);
    }

    @Test
    void acceptedDelivery_isCountedByType_signatureAndDuration() {
        deliver(SignedDelivery.of("{\"type\":\"order.paid\",\"data\":{\"id\":\"o\",\"customer_id\":\"c\"}}"), 202);

        measured.assertIncrease(1, "polar_webhook_received_total", "type=order.paid", "outcome=accepted");
        measured.assertIncrease(1, "polar_webhook_signature_total", "result=ok", "scheme=standard");
        measured.assertIncrease(1, "polar_webhook_ack_seconds_count");
        measured.assertIncrease(1, "polar_webhook_ack_seconds_bucket", "le=2.0");
        measured.assertIncrease(1, "polar_webhook_ack_seconds_bucket", "le=+Inf");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"type\":\"wallet.topped_up\",\"data\":{\"id\":\"w\"}}", "this is no event"})
    void deliveryOfAnUnknownType_countsAsOther(String body) {
        deliver(SignedDelivery.of(body), 202);

        measured.assertIncrease(1, "polar_webhook_received_total", "type=other", "outcome=accepted");
    }

    @Test
    void refusedDeliveries_countByReason() {
        SignedDelivery good = SignedDelivery.of("{\"type\":\"order.paid\",\"data\":{\"id\":\"o\"}}");
        deliver(good.without("webhook-signature"), 401);
        deliver(good.with("webhook-signature", "v1,AAAA"), 401);
        deliver(SignedDelivery.of("evt", good.body(), Instant.now().minusSeconds(3600)), 401);

        measured.assertIncrease(1, "polar_webhook_signature_total", "result=malformed", "scheme=none");
        measured.assertIncrease(1, "polar_webhook_signature_total", "result=bad", "scheme=none");
        measured.assertIncrease(1, "polar_webhook_signature_total", "result=stale", "scheme=none");
        measured.assertIncrease(3, "polar_webhook_received_total", "type=other", "outcome=rejected");
        measured.assertIncrease(0, "polar_webhook_ack_seconds_count");
    }

    @Test
    void spooledDelivery_countsAsSpooled_andIsPendingUntilPublished() throws Exception {
        SuspendedBroker suspended = new SuspendedBroker();
        try (suspended) {
            deliver(SignedDelivery.of("{\"type\":\"refund.created\",\"data\":{\"id\":\"r\"}}"), 202);
            measured.assertIncrease(1, "polar_webhook_received_total", "type=refund.created", "outcome=spooled");
            measured.awaitIncrease(1, "polar_spool_pending");
        }
        measured.awaitIncrease(0, "polar_spool_pending");
        measured.assertIncrease(0, "polar_webhook_received_total", "type=refund.created", "outcome=accepted");
    }

    @Test
    void inventedPathsAndMethods_createNoSeries() throws Exception {
        HttpClient http = HttpClient.newHttpClient();
        for (String method : List.of("GET", "POST", "DELETE", "PATCH", "NO-SUCH-" + UUID.randomUUID())) {
            for (String path : List.of("/no-such-", "/api/v1/polar/no-such-", "/api/v1/polar/webhooks/no-such-",
                    "/q/no-such-", "/api/v1/polar/ops/no-such-", "/api/v1/polar/ops/parked/no-such-",
                    "/api/v1/polar/ops/unknown-types/no-such-", "/sandbox/topics/no-such-")) {
                http.send(HttpRequest.newBuilder(service.resolve(path + UUID.randomUUID()))
                        .method(method, HttpRequest.BodyPublishers.ofString("x")).build(),
                        HttpResponse.BodyHandlers.discarding());
            }
        }
        URI unknown = service.resolve("/no-such-" + UUID.randomUUID());
        try (RawConnection large = new RawConnection(unknown)) { // refused for its length before it is routed
            large.send("POST " + unknown.getPath() + " HTTP/1.1\r\nhost: x\r\ncontent-length: 99999999\r\n\r\n");
            assertThat(large.answer()).startsWith("HTTP/1.1 413");
        }
        assertThat(PrometheusText.of(service).labelsOf("http_server_requests_seconds_count")).isNotEmpty()
                .noneMatch(labels -> labels.get("uri").contains("no-such"))
                .noneMatch(labels -> labels.get("method").contains("NO-SUCH"))
                .anyMatch(labels -> labels.get("method").equals("OTHER"));
    }

    private void deliver(SignedDelivery delivery, int status) {
        assertThat(delivery.send(service.resolve("/api/v1/polar/webhooks")).statusCode()).isEqualTo(status);
    }
}
