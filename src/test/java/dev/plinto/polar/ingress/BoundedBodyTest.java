package dev.plinto.polar.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinto.polar.testing.RawConnection;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Senders that send much at once, or never end a body.
class BoundedBodyTest {

    private static final int LIMIT = 100_000;
    private static final byte[] PART = new byte[LIMIT * 3 / 5];
    private static final byte[] REST = new byte[LIMIT / 5];

    private final Vertx vertx = Vertx.vertx();
    private final BodyMemory memory = new BodyMemory(LIMIT);
    private volatile Duration readTimeout = Duration.ofSeconds(30);
    private URI endpoint;

    @BeforeEach
    void listen() {
        HttpServer server = vertx.createHttpServer().requestHandler(this::answer);
        endpoint = URI.create("http://127.0.0.1:"
                + server.listen(0, "127.0.0.1").toCompletionStage().toCompletableFuture().join().actualPort() + "/");
    }

    @AfterEach
    void stop() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void bodiesOverTheSharedLimit_areRefused_untilAnswersReleaseMemory() throws Exception {
        try (var first = startDelivery(); var second = startDelivery()) {
            assertThat(second.answer()).endsWith("MemoryExhausted");

            assertThat(first.send(REST).answer()).endsWith("80000");
        }
        try (var third = startDelivery()) {
            assertThat(third.send(REST).answer()).endsWith("80000");
        }
    }

    @Test
    void endlessBody_timesOut_andReleasesItsMemory() throws Exception {
        readTimeout = Duration.ofMillis(300);
        try (var endless = startDelivery()) {
            assertThat(endless.answer()).endsWith("Incomplete");
            assertThat(endless.isClosedByServer()).isTrue();
        }
        readTimeout = Duration.ofSeconds(30);
        try (var next = startDelivery()) {
            assertThat(next.send(REST).answer()).endsWith("80000");
        }
    }

    private RawConnection startDelivery() throws Exception {
        return new RawConnection(endpoint)
                .send("POST / HTTP/1.1\r\nhost: polar\r\ncontent-length: " + (PART.length + REST.length) + "\r\n\r\n")
                .send(PART);
    }

    private void answer(HttpServerRequest request) {
        BoundedBody body = new BoundedBody(request, LIMIT, memory, readTimeout);
        body.read().onTermination().invoke(body::release).subscribe().with(
                bytes -> request.response().end(Integer.toString(bytes.length)),
                failure -> request.response().end(failure.getClass().getSimpleName()));
    }
}
