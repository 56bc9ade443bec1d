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

/// What senders get who send much at once, or never end.
class BoundedBodyTest {

    private static final int ALL = 100_000;
    private static final byte[] PART = new byte[ALL * 3 / 5];
    private static final byte[] REST = new byte[ALL / 5];

    private final Vertx vertx = Vertx.vertx();
    private final BodyMemory memory = new BodyMemory(ALL);
    private volatile Duration patience = Duration.ofSeconds(30);
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
    void bodiesTogether_takeNoMoreThanTheyMay_andWhatIsAnsweredIsGivenBack() throws Exception {
        try (var first = begun(); var second = begun()) {
            assertThat(second.answer()).endsWith("Crowded");

            assertThat(first.send(REST).answer()).endsWith("80000");
        }
        try (var third = begun()) {
            assertThat(third.send(REST).answer()).endsWith("80000");
        }
    }

    @Test
    void bodyThatDoesNotEnd_isGivenUp_andGivesBackWhatItTook() throws Exception {
        patience = Duration.ofSeconds(2);
        try (var endless = begun()) {
            assertThat(endless.answer()).endsWith("CutOff");
            assertThat(endless.isClosedByServer()).isTrue();
        }
        patience = Duration.ofSeconds(30);
        try (var next = begun()) {
            assertThat(next.send(REST).answer()).endsWith("80000");
        }
    }

    private RawConnection begun() throws Exception {
        return new RawConnection(endpoint)
                .send("POST / HTTP/1.1\r\nhost: polar\r\ncontent-length: " + (PART.length + REST.length) + "\r\n\r\n")
                .send(PART);
    }

    private void answer(HttpServerRequest request) {
        BoundedBody body = new BoundedBody(request, ALL, memory, patience);
        body.read().onTermination().invoke(body::giveBack).subscribe().with(
                bytes -> request.response().end(Integer.toString(bytes.length)),
                failure -> request.response().end(failure.getClass().getSimpleName()));
    }
}
