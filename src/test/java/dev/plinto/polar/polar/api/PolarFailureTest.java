package dev.plinto.polar.polar.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import dev.plinto.polar.polar.PolarObject;
import dev.plinto.polar.testing.SandboxStack;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What becomes of calls that Polar refuses, or does not answer.
@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
class PolarFailureTest {

    private final ScriptedPolar server = new ScriptedPolar();

    @AfterEach
    void stop() {
        server.close();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            401 | POLAR_ACCESS_TOKEN: it is wrong, expired or revoked
            403 | lacks the scope benefits:read
            404 | POLAR_API_VERSION
            302 | which is not followed
            500 | a fault of its own
            """)
    void failure_namesItsCause_andNoSecret(int status, String named) {
        server.answers(status, Map.of("Location", "http://127.0.0.1:1/"),
                "{\"detail\":\"" + ScriptedPolar.TOKEN + "\"}");

        assertThatThrownBy(() -> server.polar("", "false").objects(PolarObject.Kind.GRANT, 1))
                .isInstanceOf(PolarFailure.class)
                .hasMessageContaining(named)
                .message().doesNotContain(ScriptedPolar.TOKEN);
        assertThat(server.requests()).hasSize(1);
    }

    @Test
    void answerOfTheOtherEnvironment_isAFailure() {
        server.answers(200, Map.of("X-Polar-Sandbox", "1"), ScriptedPolar.EMPTY_PAGE);
        server.answersEmptyPage();

        assertThatThrownBy(() -> server.polar("", "false").endpoints()).hasMessageContaining("POLAR_SANDBOX is false");
        assertThatThrownBy(() -> server.polar("", "true").endpoints()).hasMessageContaining("POLAR_SANDBOX is true");
    }

    @Test
    void unreachablePolar_isAFailure() {
        server.close();

        assertThatThrownBy(() -> server.polar("", "false").endpoints()).hasMessageContaining("cannot be reached");
    }

    @Test
    void stalledAnswer_isAFailure() throws Exception {
        AtomicReference<Socket> open = new AtomicReference<>(); // referred to, else it would be closed
        try (ServerSocket stalling = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> open.set(answerHalf(stalling)));

            assertThatThrownBy(() -> ScriptedPolar.polar("http://127.0.0.1:" + stalling.getLocalPort()).endpoints())
                    .hasMessageContaining("does not answer in time (POLAR_API_TIMEOUT is 200 ms)");
        } finally {
            open.get().close();
        }
    }

    /// Each byte comes within the timeout.
    @Test
    void answerByteByByte_isAFailureAfterTwiceTheTimeout() throws Exception {
        long began = System.nanoTime();
        try (ServerSocket slow = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor()) {
            Thread.ofVirtual().start(() -> {
                OutputStream half = output(answerHalf(slow));
                timer.scheduleAtFixedRate(() -> writeByte(half), 50, 50, TimeUnit.MILLISECONDS);
            });

            assertThatThrownBy(() -> ScriptedPolar.polar("http://127.0.0.1:" + slow.getLocalPort()).endpoints())
                    .hasMessageContaining("does not answer in time (POLAR_API_TIMEOUT is 200 ms)");
            timer.shutdownNow();
        }
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThanOrEqualTo(Duration.ofMillis(400));
    }

    @ParameterizedTest
    @ValueSource(ints = {429, 503})
    void retryAfter_isObeyed(int status) throws Exception {
        server.answers(status, Map.of("Retry-After", "1"), "");
        server.answersEmptyPage();
        long began = System.nanoTime();

        server.polar("", "false").endpoints();

        assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThanOrEqualTo(Duration.ofSeconds(1));
        assertThat(server.requests()).hasSize(2);
    }

    @Test
    void lastingRateLimit_isAFailureAfterEightAttempts() {
        for (int i = 0; i < 9; i++) {
            server.answers(429, Map.of("Retry-After", "0"), "");
        }

        assertThatThrownBy(() -> server.polar("", "false").endpoints()).hasMessageContaining("limits the rate");
        assertThat(server.requests()).hasSize(8);
    }

    @Test
    void unavailableWithoutRetryAfter_isNotRetried() {
        server.answers(503, Map.of(), "");

        assertThatThrownBy(() -> server.polar("", "false").endpoints()).hasMessageContaining("status 503");
        assertThat(server.requests()).hasSize(1);
    }

    @Test
    void interrupt_endsTheWaitForRetryAfter() throws Exception {
        server.answers(429, Map.of("Retry-After", "600"), "");
        Polar polar = server.polar("", "false");
        CompletableFuture<Throwable> thrown = new CompletableFuture<>();
        Thread waiting = Thread.ofVirtual().start(() -> thrown.complete(catchThrowable(polar::endpoints)));
        await().until(() -> server.requests().size() == 1);

        waiting.interrupt();

        assertThat(thrown.get(10, TimeUnit.SECONDS)).isInstanceOf(InterruptedException.class);
    }

    private static OutputStream output(Socket socket) {
        try {
            return socket.getOutputStream();
        } catch (IOException closed) {
            throw new UncheckedIOException(closed);
        }
    }

    private static void writeByte(OutputStream output) {
        try {
            output.write(' ');
        } catch (IOException closed) {
            throw new UncheckedIOException(closed); // and the timer stops
        }
    }

    private static Socket answerHalf(ServerSocket server) {
        try {
            Socket client = server.accept();
            client.getOutputStream()
                    .write("HTTP/1.1 200 OK\r\ncontent-length: 999\r\n\r\n{".getBytes(StandardCharsets.UTF_8));
            return client;
        } catch (IOException closed) {
            throw new UncheckedIOException(closed);
        }
    }
}
