package dev.plinto.polar.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinto.polar.testing.Measured;
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

/// What is counted of deliveries, and of requests to paths that are not.
@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
class IngressMetricsTest {

    @TestHTTPResource("/")
    URI service;

    private Measured measured;

    @BeforeEach
    void look() {
        measured = Measured.fromQuietOn(service);
    }

    @Test
    void acceptedDelivery_countsByItsType_withItsSignatureAndItsAnswer() {
        deliver(SignedDelivery.of("{\"type\":\"order.paid\",\"data\":{\"id\":\"o\",\"customer_id\":\"c\"}}"), 202);

        measured.assertMore(1, "polar_webhook_received_total", "type=order.paid", "outcome=accepted");
        measured.assertMore(1, "polar_webhook_signature_total", "result=ok", "scheme=standard");
        measured.assertMore(1, "polar_webhook_ack_seconds_count");
        measured.assertMore(1, "polar_webhook_ack_seconds_bucket", "le=2.0");
        measured.assertMore(1, "polar_webhook_ack_seconds_bucket", "le=+Inf");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"type\":\"wallet.topped_up\",\"data\":{\"id\":\"w\"}}", "this is no event"})
    void deliveryOfATypeThatIsNotKnown_countsAsOther(String body) {
        deliver(SignedDelivery.of(body), 202);

        measured.assertMore(1, "polar_webhook_received_total", "type=other", "outcome=accepted");
    }

    @Test
    void refusedDeliveries_countByWhatWasWrongWithTheSignature() {
        SignedDelivery good = SignedDelivery.of("{\"type\":\"order.paid\",\"data\":{\"id\":\"o\"}}");
        deliver(good.without("webhook-signature"), 401);
        deliver(good.with("webhook-signature", "v1,AAAA"), 401);
        deliver(SignedDelivery.of("evt", good.body(), Instant.now().minusSeconds(3600)), 401);

        measured.assertMore(1, "polar_webhook_signature_total", "result=malformed", "scheme=none");
        measured.assertMore(1, "polar_webhook_signature_total", "result=bad", "scheme=none");
        measured.assertMore(1, "polar_webhook_signature_total", "result=stale", "scheme=none");
        measured.assertMore(3, "polar_webhook_received_total", "type=other", "outcome=rejected");
        measured.assertMore(0, "polar_webhook_ack_seconds_count");
    }

    @Test
    void deliveryThatTheBrokerDoesNotTake_countsAsSpooled_andIsPendingUntilItDoes() throws Exception {
        SuspendedBroker suspended = new SuspendedBroker();
        try (suspended) {
            deliver(SignedDelivery.of("{\"type\":\"refund.created\",\"data\":{\"id\":\"r\"}}"), 202);
            measured.assertMore(1, "polar_webhook_received_total", "type=refund.created", "outcome=spooled");
            measured.awaitMore(1, "polar_spool_pending");
        }
        measured.awaitMore(0, "polar_spool_pending");
        measured.assertMore(0, "polar_webhook_received_total", "type=refund.created", "outcome=accepted");
    }

    @Test
    void whatSendersMakeUp_makesNoSeries() throws Exception {
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
        URI whole = service.resolve("/no-such-" + UUID.randomUUID());
        try (RawConnection large = new RawConnection(whole)) { // refused for its length before anybody looks for it
            large.send("POST " + whole.getPath() + " HTTP/1.1\r\nhost: x\r\ncontent-length: 99999999\r\n\r\n");
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
