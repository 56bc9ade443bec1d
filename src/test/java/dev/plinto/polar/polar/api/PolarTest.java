package dev.plinto.polar.polar.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.plinto.polar.polar.PolarObject;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// How Polar is asked, and what is made of its answers.
class PolarTest {

    private static final String TOKEN = "polar_oat_secret";
    private static final Answer EMPTY = new Answer(200, Map.of(),
            "{\"items\":[],\"pagination\":{\"total_count\":0,\"max_page\":0}}");

    private final HttpServer server = server();
    private final Deque<Answer> answers = new ArrayDeque<>();
    private final List<String> asked = new ArrayList<>();
    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();

    private record Answer(int status, Map<String, String> headers, String body) {}

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/", "/v1", "/v1/"})
    void paths_areExactlyPolars_whateverEndTheAddressHas(String end) throws Exception {
        answers.add(EMPTY);
        answers.add(EMPTY);
        Polar polar = polar(end, "false");

        polar.objects(PolarObject.Kind.GRANT, 2);
        polar.deliveries("e", Instant.EPOCH, Instant.EPOCH.plusSeconds(1), 1);

        assertThat(asked).containsExactly(
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
    void failure_isNamedForPeople_andRepeatsNothing(int status, String named) {
        answers.add(new Answer(status, Map.of("Location", "http://127.0.0.1:1/"), "{\"detail\":\"" + TOKEN + "\"}"));

        assertThatThrownBy(() -> polar("", "false").objects(PolarObject.Kind.GRANT, 1))
                .isInstanceOf(PolarFailure.class)
                .hasMessageContaining(named)
                .message().doesNotContain(TOKEN);
        assertThat(asked).hasSize(1);
    }

    @Test
    void otherEnvironmentThanTheConfiguredOne_isAFailure() {
        answers.add(new Answer(200, Map.of("X-Polar-Sandbox", "1"), EMPTY.body));
        answers.add(EMPTY);

        assertThatThrownBy(() -> polar("", "false").endpoints()).hasMessageContaining("POLAR_SANDBOX is false");
        assertThatThrownBy(() -> polar("", "true").endpoints()).hasMessageContaining("POLAR_SANDBOX is true");
    }

    @Test
    void whatNobodyAnswers_isAFailure() {
        server.stop(0);

        assertThatThrownBy(() -> polar("", "false").endpoints()).hasMessageContaining("cannot be reached");
    }

    @Test
    void answerThatStopsInTheMiddle_isAFailure() throws Exception {
        AtomicReference<Socket> open = new AtomicReference<>(); // one that nobody refers to is closed
        try (ServerSocket stalling = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> open.set(answerHalf(stalling)));

            assertThatThrownBy(() -> polar("http://127.0.0.1:" + stalling.getLocalPort()).endpoints())
                    .hasMessageContaining("does not answer within 200 ms");
        } finally {
            open.get().close();
        }
    }

    private static Socket answerHalf(ServerSocket server) {
        try {
            Socket client = server.accept();
            client.getOutputStream()
                    .write("HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{".getBytes(StandardCharsets.UTF_8));
            return client;
        } catch (IOException closed) {
            throw new UncheckedIOException(closed);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {429, 503})
    void whenPolarSaysToWait_thatIsDone(int status) throws Exception {
        answers.add(new Answer(status, Map.of("Retry-After", "1"), ""));
        answers.add(EMPTY);
        long began = System.nanoTime();

        polar("", "false").endpoints();

        assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThanOrEqualTo(Duration.ofSeconds(1));
        assertThat(asked).hasSize(2);
    }

    @Test
    void objectThatPolarHasNoMore_isNone_butARemovedVersionIsAFailure() throws Exception {
        answers.add(new Answer(404, Map.of(), "{\"error\":\"ResourceNotFound\",\"detail\":\"Not found\"}"));
        answers.add(new Answer(404, Map.of(), "{\"detail\":\"Not Found\"}"));
        Polar polar = polar("", "false");

        assertThat(polar.customer("c")).isEmpty();
        assertThatThrownBy(() -> polar.customer("c")).isInstanceOf(PolarFailure.class);
    }

    /// Such an id came by a delivery that was made by hand.
    @Test
    void idThatPolarCannotHave_isOfNothing_butAListThatItRefusesIsAFailure() throws Exception {
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
        asked.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " "
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
