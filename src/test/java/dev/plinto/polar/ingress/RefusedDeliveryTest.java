package dev.plinto.polar.ingress;

import static dev.plinto.polar.testing.ProblemDocument.PRIVATE;
import static dev.plinto.polar.testing.ProblemDocument.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import dev.plinto.polar.testing.RawConnection;
import dev.plinto.polar.testing.SandboxStack;
import dev.plinto.polar.testing.SignedDelivery;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
class RefusedDeliveryTest {

    private static final String MALFORMED = "webhook-headers-malformed";
    private static final byte[] BODY = ("{\"type\":\"order.paid\",\"data\":{\"id\":\"" + PRIVATE + "\"}}")
            .getBytes(StandardCharsets.UTF_8);

    @TestHTTPResource("/api/v1/polar/webhooks")
    URI endpoint;

    @Inject
    MeterRegistry metrics;

    @ParameterizedTest
    @ValueSource(strings = {"webhook-id", "webhook-timestamp", "webhook-signature"})
    void missingHeader_isMalformed(String name) {
        assertProblem(SignedDelivery.of(BODY).without(name).send(endpoint), 401, MALFORMED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"webhook-id", "webhook-timestamp", "webhook-signature"})
    void doubledHeader_isMalformed_evenWithEqualValues(String name) {
        SignedDelivery delivery = SignedDelivery.of(BODY);

        assertProblem(delivery.and(name, delivery.header(name)).send(endpoint), 401, MALFORMED);
        assertProblem(delivery.and(name.toUpperCase(Locale.ROOT), "other").send(endpoint), 401, MALFORMED);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            webhook-id        | ''
            webhook-timestamp | ''
            webhook-timestamp | now
            webhook-timestamp | -1
            webhook-timestamp | +1795500000
            webhook-timestamp | 1795500000.0
            webhook-timestamp | 1795500000000
            webhook-timestamp | 99999999999999999999999
            webhook-timestamp | 1795500000, 1795500000
            webhook-signature | ''
            webhook-signature | v1
            webhook-signature | v1,
            webhook-signature | v1,not*base64
            webhook-signature | v1a,eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHg=
            webhook-signature | v2,eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHg=
            webhook-signature | eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHg=
            """)
    void headerInAnotherFormat_isMalformed(String name, String value) {
        assertProblem(SignedDelivery.of(BODY).with(name, value).send(endpoint), 401, MALFORMED);
    }

    @Test
    void idThatIsTooLong_isMalformed() {
        assertProblem(SignedDelivery.of("i".repeat(257), BODY, Instant.now()).send(endpoint), 401, MALFORMED);
    }

    @Test
    void idThatIsNotAscii_isMalformed() throws IOException {
        try (var connection = new RawConnection(endpoint)) {
            connection.send(SignedDelivery.of(BODY).with("webhook-id", "\u00e9vt")
                    .head(endpoint, "content-length: " + BODY.length))
                    .send(BODY);

            assertProblem(connection.answer(), 401, MALFORMED);
        }
    }

    /// The body of a delivery that can never be valid takes no memory.
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            webhook-id        | ''                         | webhook-headers-malformed
            webhook-timestamp | now                        | webhook-headers-malformed
            webhook-signature | v1,not*base64              | webhook-headers-malformed
            webhook-timestamp | 1                          | webhook-timestamp-stale
            webhook-signature | v1,dG9vIHNob3J0            | webhook-signature-mismatch
            """)
    void headersThatCannotBeValid_areRefusedBeforeTheBodyIsSent(String name, String value, String problem)
            throws IOException {
        String head = SignedDelivery.of(BODY).with(name, value).head(endpoint, "content-length: " + BODY.length);
        try (var patient = new RawConnection(endpoint); var silent = new RawConnection(endpoint)) {
            silent.send(head);
            assertProblem(patient.send(head).answer(), 401, problem);
            SignedDelivery next = SignedDelivery.of(BODY);

            patient.send(BODY).send(next.head(endpoint, "content-length: " + BODY.length)).send(BODY);

            assertThat(patient.answer()).as("the next delivery on the connection").startsWith("HTTP/1.1 202 ");
            assertProblem(silent.answer(), 401, problem);
            assertThat(silent.isClosedByServer()).as("without its body").isTrue();
        }
    }

    @Test
    void timestampFarInTheFuture_isStale() {
        assertProblem(SignedDelivery.of(BODY).with("webhook-timestamp", "999999999999").send(endpoint), 401,
                "webhook-timestamp-stale");
    }

    @ParameterizedTest
    @ValueSource(longs = {-86_400, -302, 330, 86_400})
    void validSignatureOfAnotherTime_isStale(long seconds) {
        assertProblem(SignedDelivery.of("evt", BODY, Instant.now().plusSeconds(seconds)).send(endpoint), 401,
                "webhook-timestamp-stale");
    }

    @Test
    void wrongSecret_isAMismatch() {
        assertProblem(SignedDelivery.of("evt", BODY, Instant.now(), "another".getBytes(StandardCharsets.UTF_8))
                .send(endpoint), 401, "webhook-signature-mismatch");
    }

    @Test
    void cutSignature_isAMismatch() {
        SignedDelivery delivery = SignedDelivery.of(BODY);
        String cut = delivery.header("webhook-signature").substring(0, 3 + 40);

        assertProblem(delivery.with("webhook-signature", cut).send(endpoint), 401, "webhook-signature-mismatch");
    }

    @Test
    void signatureOfAnotherBody_isAMismatch() {
        SignedDelivery delivery = SignedDelivery.of(BODY);

        assertProblem(new SignedDelivery(delivery.webhookId(), new byte[0], delivery.headers()).send(endpoint), 401,
                "webhook-signature-mismatch");
        assertProblem(delivery.with("webhook-id", "evt_other").send(endpoint), 401, "webhook-signature-mismatch");
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "PUT", "DELETE", "PATCH"})
    void anotherMethod_isNotAllowed(String method) throws IOException {
        try (var connection = new RawConnection(endpoint)) {
            connection.send(method + " " + endpoint.getPath() + " HTTP/1.1\r\nhost: localhost\r\n\r\n");

            assertProblem(connection.answer(), 405, "http-405");
        }
    }

    @Test
    void refusals_areCounted() {
        double rejected = received("rejected");
        double malformed = signatures("malformed");
        double bad = signatures("bad");
        double stale = signatures("stale");

        SignedDelivery.of(BODY).without("webhook-id").send(endpoint);
        SignedDelivery.of(BODY).with("webhook-id", "evt_other").send(endpoint);
        SignedDelivery.of(BODY).with("webhook-timestamp", "1").send(endpoint);

        assertThat(received("rejected")).isEqualTo(rejected + 3);
        assertThat(signatures("malformed")).isEqualTo(malformed + 1);
        assertThat(signatures("bad")).isEqualTo(bad + 1);
        assertThat(signatures("stale")).isEqualTo(stale + 1);
    }

    private double received(String outcome) {
        return metrics.counter("polar.webhook.received", "type", "other", "outcome", outcome).count();
    }

    private double signatures(String result) {
        return metrics.counter("polar.webhook.signature", "result", result, "scheme", "none").count();
    }
}
