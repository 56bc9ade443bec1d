package dev.plinto.polar.ingress;

import static dev.plinto.polar.testing.ProblemDocument.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import dev.plinto.polar.testing.RawConnection;
import dev.plinto.polar.testing.ReceivedTopic;
import dev.plinto.polar.testing.SandboxStack;
import dev.plinto.polar.testing.SignedDelivery;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
class LargeDeliveryTest {

    private static final int LIMIT = 1 << 20;
    private static final String TOO_LARGE = "webhook-body-too-large";
    private static final byte[] SMALL = "{\"type\":\"wallet.topped_up\"}".getBytes(StandardCharsets.UTF_8);

    @TestHTTPResource("/api/v1/polar/webhooks")
    URI endpoint;

    @Test
    void bodyAtTheLimit_isPublishedUnchanged() {
        SignedDelivery delivery = SignedDelivery.of(eventOf(LIMIT));

        assertThat(delivery.send(endpoint).statusCode()).isEqualTo(202);

        assertThat(ReceivedTopic.record(delivery.webhookId()).value()).isEqualTo(delivery.body());
    }

    @Test
    void bodyOverTheLimit_isRefused() {
        assertProblem(SignedDelivery.of(eventOf(LIMIT + 1)).send(endpoint), 413, TOO_LARGE);
    }

    /// A body that is too large is not hashed.
    @Test
    void unsignedBodyOverTheLimit_isRefused() {
        SignedDelivery delivery = SignedDelivery.of(eventOf(LIMIT + 1)).without("webhook-signature");

        assertProblem(delivery.send(endpoint), 413, TOO_LARGE);
    }

    /// The service closes each connection a second after its answer, so they are opened together.
    @Test
    void largeContentLength_isRefusedBeforeTheBodyIsSent() throws IOException {
        Map<Long, RawConnection> refused = new LinkedHashMap<>();
        try {
            for (long length : List.of(LIMIT + 1L, 10L << 20, 50L << 20, 3L << 30, Long.MAX_VALUE)) {
                var connection = new RawConnection(endpoint);
                refused.put(length, connection);
                connection.send(SignedDelivery.of(SMALL).head(endpoint, "content-length: " + length));

                assertProblem(connection.answer(), 413, TOO_LARGE);
            }
            for (long length : refused.keySet()) {
                assertThat(refused.get(length).isClosedByServer()).as("closed after a length of " + length).isTrue();
            }
        } finally {
            for (RawConnection connection : refused.values()) {
                connection.close();
            }
        }
    }

    @Test
    void chunkedBody_isRefusedAsSoonAsItIsTooLarge() throws IOException {
        byte[] chunk = new byte[64 << 10];
        Arrays.fill(chunk, (byte) ' ');
        try (var connection = new RawConnection(endpoint)) {
            connection.send(SignedDelivery.of(SMALL).head(endpoint, "transfer-encoding: chunked"));
            for (int sent = 0; sent <= LIMIT; sent += chunk.length) {
                connection.sendChunk(chunk);
            }

            assertProblem(connection.answer(), 413, TOO_LARGE); // although the last chunk was never sent
            assertThat(connection.isClosedByServer()).isTrue();
        }
    }

    @Test
    void chunkedBody_isPublishedUnchanged() throws IOException {
        SignedDelivery delivery = SignedDelivery.of(SMALL);
        try (var connection = new RawConnection(endpoint)) {
            connection.send(delivery.head(endpoint, "transfer-encoding: chunked"));
            for (byte octet : SMALL) {
                connection.sendChunk(new byte[] {octet});
            }
            connection.send("0\r\n\r\n");

            assertThat(connection.answer()).startsWith("HTTP/1.1 202 ");
        }
        assertThat(ReceivedTopic.record(delivery.webhookId()).value()).isEqualTo(SMALL);
    }

    @Test
    void expect100Continue_isAnswered100() throws IOException {
        SignedDelivery delivery = SignedDelivery.of(SMALL);
        try (var connection = new RawConnection(endpoint)) {
            connection.send(delivery.head(endpoint, "content-length: " + SMALL.length, "expect: 100-continue"));

            assertThat(connection.answer()).startsWith("HTTP/1.1 100 ");
            assertThat(connection.send(SMALL).answer()).startsWith("HTTP/1.1 202 ");
        }
    }

    @Test
    void halfABodyAndThenSilence_blocksNoOtherDelivery() throws IOException {
        try (var gone = new RawConnection(endpoint)) {
            gone.send(SignedDelivery.of(SMALL).head(endpoint, "content-length: " + SMALL.length)).send("{");
        }
        try (var slow = new RawConnection(endpoint)) {
            slow.send(SignedDelivery.of(SMALL).head(endpoint, "content-length: " + SMALL.length)).send("{");

            assertThat(SignedDelivery.of(SMALL).send(endpoint).statusCode()).isEqualTo(202);

            assertThat(slow.send(Arrays.copyOfRange(SMALL, 1, SMALL.length)).answer()).startsWith("HTTP/1.1 202 ");
        }
    }

    @Test
    void severalDeliveriesOnOneConnection_areAnsweredInOrder() throws IOException {
        try (var connection = new RawConnection(endpoint)) {
            for (int i = 0; i < 3; i++) {
                connection.send(SignedDelivery.of(SMALL).head(endpoint, "content-length: " + SMALL.length)).send(SMALL);
            }
            for (int i = 0; i < 3; i++) {
                assertThat(connection.answer()).startsWith("HTTP/1.1 202 ");
            }
        }
    }

    private static byte[] eventOf(int length) {
        String start = "{\"type\":\"wallet.topped_up\",\"x\":\"";
        return (start + "x".repeat(length - start.length() - 2) + "\"}").getBytes(StandardCharsets.UTF_8);
    }
}
