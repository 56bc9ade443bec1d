package dev.plinto.polar.http;

import static dev.plinto.polar.testing.ProblemDocument.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import dev.plinto.polar.testing.LogLines;
import dev.plinto.polar.testing.RawConnection;
import dev.plinto.polar.testing.SandboxStack;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.vertx.http.runtime.QuarkusErrorHandler;
import java.io.IOException;
import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Requests that no client library sends.
@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
class MalformedRequestTest {

    private static final String SMUGGLED = "0\r\n\r\nGET /q/health/live HTTP/1.1\r\nhost: a\r\n\r\n";

    @TestHTTPResource("/")
    URI service;

    @ParameterizedTest
    @ValueSource(strings = {"POST /api/v1/polar/webhooks", "GET /api/v1/polar/entitlements?organization_id=org-1",
            "GET /ops", "GET /q/health/live", "GET /unknown"})
    void withoutHost_isA400_andNoError(String request) throws Exception {
        try (var connection = new RawConnection(service); var log = LogLines.of(QuarkusErrorHandler.class)) {
            connection.send(request + " HTTP/1.1\r\ncontent-length: 0\r\n\r\n");
            assertProblem(connection.answer(), 400, "http-400");
            connection.send(request + " HTTP/1.1\r\nhost: no host/@\r\ncontent-length: 0\r\n\r\n");
            assertProblem(connection.answer(), 400, "http-400");

            assertThat(log.lines()).isEmpty();
        }
    }

    /// A proxy might take the other one, and check or route by it.
    @ParameterizedTest
    @CsvSource({"GET /q/health/live, a, b", "GET /q/health/live, a, a", "GET /ops, a, b", "GET /unknown, a, b",
            "GET /api/v1/polar/entitlements?organization_id=org-1, a, b", "PUT /q/metrics, a, b",
            "POST /api/v1/polar/webhooks, a, b", "POST /sandbox/polar/trigger/purchase, a, b",
            "GET /q/health/live, '', a", "GET /q/health/live, a, ''", "GET /q/health/live, a, no host/@"})
    void twoHosts_areA400_andCloseTheConnection(String request, String one, String other) throws IOException {
        try (var connection = new RawConnection(service); var log = LogLines.of(QuarkusErrorHandler.class)) {
            connection.send(request + " HTTP/1.1\r\nhost: " + one + "\r\nx: y\r\nHOST: " + other
                    + "\r\ncontent-length: 5\r\n\r\n" + SMUGGLED);

            assertProblem(connection.answer(), 400, "http-400");
            assertThat(connection.isClosedByServer()).isTrue();
            assertThat(log.lines()).isEmpty();
        }
    }

    /// A proxy might end the body elsewhere, and take a part of it for a request of somebody else.
    @ParameterizedTest
    @ValueSource(strings = {"content-length: 5\r\ntransfer-encoding: chunked",
            "transfer-encoding: chunked\r\ncontent-length: 0", "content-length: 5\r\ncontent-length: 6",
            "content-length: +5", "content-length: 5, 6"})
    void lengthThatCanBeReadInTwoWays_isA400_andClosesTheConnection(String headers) throws IOException {
        try (var connection = new RawConnection(service)) {
            connection.send("POST /api/v1/polar/webhooks HTTP/1.1\r\nhost: a\r\n" + headers + "\r\n\r\n" + SMUGGLED);

            assertThat(connection.answer()).startsWith("HTTP/1.1 400 ");
            assertThat(connection.isClosedByServer()).isTrue();
        }
    }

    @Test
    void clearTextHttp2_isRefused() throws IOException {
        try (var connection = new RawConnection(service)) {
            connection.send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");

            assertThat(connection.answer()).contains(" 400 ");
            assertThat(connection.isClosedByServer()).isTrue();
        }
    }
}
