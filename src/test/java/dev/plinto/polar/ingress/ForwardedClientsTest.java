package dev.plinto.polar.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinto.polar.testing.BehindAProxy;
import dev.plinto.polar.testing.RawConnection;
import dev.plinto.polar.testing.SignedDelivery;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Behind a proxy that passes the client's address on, a client that begins many bodies loses its own.
@QuarkusTest
@TestProfile(BehindAProxy.class)
class ForwardedClientsTest {

    private static final byte[] BODY = "{\"type\":\"wallet.topped_up\"}".getBytes(StandardCharsets.UTF_8);
    private static final int MOST = 64;

    @TestHTTPResource("/api/v1/polar/webhooks")
    URI endpoint;

    @Test
    void clientWithTooManyIncompleteBodies_losesItsOldest_andNobodyElseLosesOne() throws IOException {
        List<RawConnection> ofOneClient = new ArrayList<>();
        try (RawConnection polar = begin("198.51.100.1")) {
            for (int i = 0; i <= MOST; i++) {
                ofOneClient.add(begin("203.0.113.7"));
            }

            ofOneClient.getFirst().awaitClose();
            assertThat(ofOneClient.getLast().send(rest()).answer()).startsWith("HTTP/1.1 202 ");
            assertThat(polar.send(rest()).answer()).startsWith("HTTP/1.1 202 ");
        } finally {
            for (RawConnection connection : ofOneClient) {
                connection.close();
            }
        }
    }

    private RawConnection begin(String client) throws IOException {
        return new RawConnection(endpoint)
                .send(SignedDelivery.of(BODY).head(endpoint, "x-forwarded-for: " + client,
                        "content-length: " + BODY.length))
                .send(BODY, 1);
    }

    private static byte[] rest() {
        return Arrays.copyOfRange(BODY, 1, BODY.length);
    }
}
