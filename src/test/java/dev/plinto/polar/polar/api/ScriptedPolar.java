package dev.plinto.polar.polar.api;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.enterprise.inject.spi.CDI;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/// An HTTP server in Polar's place that gives each request the next of its answers, and keeps what it was sent.
final class ScriptedPolar implements AutoCloseable {

    static final String TOKEN = "polar_oat_secret";
    static final String EMPTY_PAGE = "{\"items\":[],\"pagination\":{\"total_count\":0,\"max_page\":0}}";

    private final HttpServer server = server();
    private final Deque<Answer> answers = new ArrayDeque<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final List<String> bodies = new CopyOnWriteArrayList<>();
    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private volatile Headers headers;

    private record Answer(int status, Map<String, String> headers, String body) {}

    void answers(int status, Map<String, String> header, String body) {
        answers.add(new Answer(status, header, body));
    }

    void answersEmptyPage() {
        answers(200, Map.of(), EMPTY_PAGE);
    }

    /// Each as its method, path, `Authorization` and `Polar-Version`.
    List<String> requests() {
        return requests;
    }

    List<String> bodies() {
        return bodies;
    }

    /// Of the last request.
    Headers headers() {
        return headers;
    }

    /// Of the calls by [#polar(String, String)].
    SimpleMeterRegistry metrics() {
        return metrics;
    }

    /// @param end     what the configured address ends in
    /// @param sandbox the setting `POLAR_SANDBOX`
    Polar polar(String end, String sandbox) {
        return new Polar(calls(end, sandbox));
    }

    PolarCalls calls(String end, String sandbox) {
        return calls(config(sandbox, "http://127.0.0.1:" + server.getAddress().getPort() + end, "10s"), metrics);
    }

    /// Calls another server, with a timeout of 200 ms.
    static Polar polar(String url) {
        return new Polar(calls(config("false", url, "200ms")));
    }

    static PolarCalls calls(PolarConfig config) {
        return calls(config, new SimpleMeterRegistry());
    }

    /// With a budget of their own, so that no test waits for another one's.
    private static PolarCalls calls(PolarConfig config, MeterRegistry metrics) {
        LocalPermits permits = new LocalPermits(Rate.perMinute(6000), System::nanoTime);
        return new PolarCalls(config, new PolarMetrics(metrics),
                new RequestBudget(permits, permits, System::nanoTime, Thread::sleep), organizations(permits));
    }

    private static OrganizationCalls organizations(Permits permits) {
        return new OrganizationCalls(CDI.current().select(Pool.class).get(), Rate.perMinute(100_000)) {
            @Override
            Count count(Purpose.ForOrganization call) {
                return switch (super.count(call)) {
                    case Count.Counted counted -> new Count.Counted(permits.take(call));
                    case Count.Exceeded exceeded -> exceeded;
                };
            }
        };
    }

    @Override
    public void close() {
        server.stop(0);
    }

    static PolarConfig config(String sandbox, String url, String timeout) {
        return config(TOKEN, sandbox, url, timeout);
    }

    static PolarConfig config(String token, String sandbox, String url, String timeout) {
        return new SmallRyeConfigBuilder()
                .withMapping(PolarConfig.class)
                .withConverter(Duration.class, 200, new DurationConverter())
                .withDefaultValue("polar.access-token", token)
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
