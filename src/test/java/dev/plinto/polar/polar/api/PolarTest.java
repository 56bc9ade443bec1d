package dev.plinto.polar.polar.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.plinto.polar.polar.PolarObject;
import dev.plinto.polar.testing.SandboxStack;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.runtime.configuration.DurationConverter;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Requests to Polar, and how its answers are read.
@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
class PolarTest {

    private static final String TOKEN = "polar_oat_secret";
    private static final Answer EMPTY = new Answer(200, Map.of(),
            "{\"items\":[],\"pagination\":{\"total_count\":0,\"max_page\":0}}");

    private final HttpServer server = server();
    private final Deque<Answer> answers = new ArrayDeque<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final List<String> bodies = new CopyOnWriteArrayList<>();
    private volatile Headers headers;
    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();

    private record Answer(int status, Map<String, String> headers, String body) {}

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/", "/v1", "/v1/"})
    void paths_areExactlyPolars_forAnyEndOfTheAddress(String end) throws Exception {
        answers.add(EMPTY);
        answers.add(EMPTY);
        Polar polar = polar(end, "false");

        polar.objects(PolarObject.Kind.GRANT, 2);
        polar.deliveries("e", Instant.EPOCH, Instant.EPOCH.plusSeconds(1), 1);

        assertThat(requests).containsExactly(
                "GET /v1/benefit-grants/?sorting=created_at&limit=100&page=2 Bearer polar_oat_secret 2026-10",
                "GET /v1/webhooks/deliveries?endpoint_id=e&start_timestamp=1970-01-01T00%3A00%3A00Z"
                        + "&end_timestamp=1970-01-01T00%3A00%3A01Z&limit=100&page=1 Bearer polar_oat_secret 2026-10");
        assertThat(metrics.get("polar.provider.requests").tags("operation", "list_grants", "status", "2xx").counter()
                .count()).isEqualTo(1);
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
        answers.add(new Answer(status, Map.of("Location", "http://127.0.0.1:1/"), "{\"detail\":\"" + TOKEN + "\"}"));

        assertThatThrownBy(() -> polar("", "false").objects(PolarObject.Kind.GRANT, 1))
                .isInstanceOf(PolarFailure.class)
                .hasMessageContaining(named)
                .message().doesNotContain(TOKEN);
        assertThat(requests).hasSize(1);
    }

    @Test
    void answerOfTheOtherEnvironment_isAFailure() {
        answers.add(new Answer(200, Map.of("X-Polar-Sandbox", "1"), EMPTY.body));
        answers.add(EMPTY);

        assertThatThrownBy(() -> polar("", "false").endpoints()).hasMessageContaining("POLAR_SANDBOX is false");
        assertThatThrownBy(() -> polar("", "true").endpoints()).hasMessageContaining("POLAR_SANDBOX is true");
    }

    @Test
    void unreachablePolar_isAFailure() {
        server.stop(0);

        assertThatThrownBy(() -> polar("", "false").endpoints()).hasMessageContaining("cannot be reached");
    }

    @Test
    void stalledAnswer_isAFailure() throws Exception {
        AtomicReference<Socket> open = new AtomicReference<>(); // referred to, else it would be closed
        try (ServerSocket stalling = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> open.set(answerHalf(stalling)));

            assertThatThrownBy(() -> polar("http://127.0.0.1:" + stalling.getLocalPort()).endpoints())
                    .hasMessageContaining("does not answer within 200 ms");
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

            assertThatThrownBy(() -> polar("http://127.0.0.1:" + slow.getLocalPort()).endpoints())
                    .hasMessageContaining("does not answer within 200 ms");
            timer.shutdownNow();
        }
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThanOrEqualTo(Duration.ofMillis(400));
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

    @ParameterizedTest
    @ValueSource(ints = {429, 503})
    void retryAfter_isObeyed(int status) throws Exception {
        answers.add(new Answer(status, Map.of("Retry-After", "1"), ""));
        answers.add(EMPTY);
        long began = System.nanoTime();

        polar("", "false").endpoints();

        assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThanOrEqualTo(Duration.ofSeconds(1));
        assertThat(requests).hasSize(2);
    }

    @Test
    void lastingRateLimit_isAFailureAfterEightAttempts() {
        for (int i = 0; i < 9; i++) {
            answers.add(new Answer(429, Map.of("Retry-After", "0"), ""));
        }

        assertThatThrownBy(() -> polar("", "false").endpoints()).hasMessageContaining("limits the rate");
        assertThat(requests).hasSize(8);
    }

    @Test
    void unavailableWithoutRetryAfter_isNotRetried() {
        answers.add(new Answer(503, Map.of(), ""));

        assertThatThrownBy(() -> polar("", "false").endpoints()).hasMessageContaining("status 503");
        assertThat(requests).hasSize(1);
    }

    @Test
    void interrupt_endsTheWaitForRetryAfter() throws Exception {
        answers.add(new Answer(429, Map.of("Retry-After", "600"), ""));
        Polar polar = polar("", "false");
        CompletableFuture<Throwable> thrown = new CompletableFuture<>();
        Thread waiting = Thread.ofVirtual().start(() -> thrown.complete(catchThrowable(polar::endpoints)));
        await().until(() -> requests.size() == 1);

        waiting.interrupt();

        assertThat(thrown.get(10, TimeUnit.SECONDS)).isInstanceOf(InterruptedException.class);
    }

    @Test
    void change_isSentAsJson_withTheHeadersOfEachRequest() throws Exception {
        answers.add(new Answer(200, Map.of(), "{}"));

        polar("", "false").enable("e");

        assertThat(requests).containsExactly("PATCH /v1/webhooks/endpoints/e Bearer polar_oat_secret 2026-10");
        assertThat(bodies).containsExactly("{\"enabled\":true}");
        assertThat(headers.get("Accept")).containsExactly("application/json");
        assertThat(headers.get("User-Agent")).containsExactly("plinto-polar");
        assertThat(headers.get("Content-Type")).singleElement().asString().startsWith("application/json");
    }

    @Test
    void idOfAnyCharacters_staysOneSegmentOfThePath() throws Exception {
        answers.add(new Answer(404, Map.of(), "{\"error\":\"ResourceNotFound\"}"));
        answers.add(EMPTY);
        Polar polar = polar("", "false");

        polar.customer("a/b?c=d&e#f %2F{g}ü;+");
        polar.grantsOf("a/b?c=d&e#f %2F{g}ü;+", 1);

        assertThat(requests).containsExactly(
                "GET /v1/customers/a%2Fb%3Fc=d&e%23f%20%252F%7Bg%7D%C3%BC;+ Bearer polar_oat_secret 2026-10",
                "GET /v1/benefit-grants/?customer_id=a%2Fb%3Fc%3Dd%26e%23f+%252F%7Bg%7D%C3%BC%3B%2B"
                        + "&sorting=created_at&limit=100&page=1 Bearer polar_oat_secret 2026-10");
    }

    @Test
    void missingObject_isEmpty_butARemovedVersionIsAFailure() throws Exception {
        answers.add(new Answer(404, Map.of(), "{\"error\":\"ResourceNotFound\",\"detail\":\"Not found\"}"));
        answers.add(new Answer(404, Map.of(), "{\"detail\":\"Not Found\"}"));
        answers.add(new Answer(404, Map.of("Content-Type", "text/html"), "<html>Not Found</html>"));
        Polar polar = polar("", "false");

        assertThat(polar.customer("c")).isEmpty();
        for (String body : List.of("of Polar", "of a proxy")) {
            assertThatThrownBy(() -> polar.customer("c")).as(body).hasMessageContaining("POLAR_API_VERSION")
                    .isInstanceOfSatisfying(PolarFailure.class,
                            failure -> assertThat(failure.mayBeOfOneObject()).isFalse());
        }
    }

    /// A delivery that was made by hand can bring such an id.
    @Test
    void invalidId_isEmpty_butARefusedListIsAFailure() throws Exception {
        for (int i = 0; i < 4; i++) {
            answers.add(new Answer(422, Map.of(), "{\"error\":\"RequestValidationError\",\"detail\":[]}"));
        }
        Polar polar = polar("", "false");

        assertThat(polar.customer("customer-1")).isEmpty();
        assertThat(polar.subscription("subscription-1")).isEmpty();
        assertThat(polar.grantsOf("customer-1", 1)).isEmpty();
        assertThatThrownBy(() -> polar.objects(PolarObject.Kind.GRANT, 1)).isInstanceOf(PolarFailure.class);
    }

    @Test
    void endpoint_isReadWithoutItsSecret() throws Exception {
        answers.add(new Answer(200, Map.of(), """
                {"items": [{"id": "e", "url": "https://plinto.dev/w", "format": "raw", "secret": "whsec_hidden",
                            "enabled": true, "events": ["order.paid"], "api_version": "2026-10"}],
                 "pagination": {"total_count": 1, "max_page": 1}}
                """));

        assertThat(polar("", "false").endpoints().answer()).singleElement().asString()
                .contains("https://plinto.dev/w", "order.paid").doesNotContain("hidden");
    }

    private static Polar polar(String url) {
        return new Polar(config("false", url, "200ms"), new ProviderMetrics(new SimpleMeterRegistry()));
    }

    private Polar polar(String end, String sandbox) {
        return new Polar(config(sandbox, "http://127.0.0.1:" + server.getAddress().getPort() + end, "10s"),
                new ProviderMetrics(metrics));
    }

    private static PolarConfig config(String sandbox, String url, String timeout) {
        return new SmallRyeConfigBuilder()
                .withMapping(PolarConfig.class)
                .withConverter(Duration.class, 200, new DurationConverter())
                .withDefaultValue("polar.access-token", TOKEN)
                .withDefaultValue("polar.sandbox", sandbox)
                .withDefaultValue("polar.api.url", url)
                .withDefaultValue("polar.api.timeout", timeout)
                .build()
                .getConfigMapping(PolarConfig.class);
    }

    private HttpServer server() {
        try {
            HttpServer made = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            made.createContext("/", this::answer);
            made.start();
            return made;
        } catch (IOException failure) {
            throw new IllegalStateException(failure);
        }
    }

    private void answer(HttpExchange exchange) throws IOException {
        bodies.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
        headers = exchange.getRequestHeaders();
        requests.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " "
                + exchange.getRequestHeaders().getFirst("Authorization") + " "
                + exchange.getRequestHeaders().getFirst("Polar-Version"));
        Answer next = answers.remove();
        next.headers.forEach(exchange.getResponseHeaders()::set);
        byte[] body = next.body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(next.status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }
}
