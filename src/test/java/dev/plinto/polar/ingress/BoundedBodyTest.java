package dev.plinto.polar.ingress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.plinto.polar.testing.RawConnection;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.net.URI;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Senders that send much at once.
class BoundedBodyTest {

    private static final int LIMIT = 100_000;
    private static final byte[] PART = new byte[LIMIT * 3 / 5];
    private static final byte[] REST = new byte[LIMIT / 5];

    private final Vertx vertx = Vertx.vertx();
    private final BodyMemory memory = new BodyMemory(LIMIT);
    /// Whole bodies whose answers wait for the test.
    private final Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicInteger begun = new AtomicInteger();
    private ClientBodies clients = new ClientBodies(false, 0);
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
    void wholeBodiesOverTheSharedLimit_areRefused_untilAnswersReleaseMemory() throws Exception {
        try (var first = startDelivery().send(REST); var second = startDelivery()) {
            await().until(() -> waiting.size() == 1);

            assertThat(second.send(REST).answer()).endsWith("MemoryExhausted");
            waiting.remove().run();
            assertThat(first.answer()).endsWith("80000");
        }
        try (var third = startDelivery().send(REST)) {
            await().until(() -> waiting.size() == 1);
            waiting.remove().run();
            assertThat(third.answer()).endsWith("80000");
        }
    }

    @Test
    void incompleteBodies_takeNothingOfTheSharedLimit() throws Exception {
        try (var first = startDelivery(); var second = startDelivery(); var whole = startDelivery().send(REST)) {
            await().until(() -> waiting.size() == 1);
            waiting.remove().run();
            assertThat(whole.answer()).endsWith("80000");

            for (RawConnection later : List.of(first, second)) {
                later.send(REST);
                await().until(() -> waiting.size() == 1);
                waiting.remove().run();
                assertThat(later.answer()).endsWith("80000");
            }
        }
    }

    @Test
    void clientWithTooManyIncompleteBodies_losesTheLongestOfThem() throws Exception {
        clients = new ClientBodies(true, 2);
        try (var first = startDelivery()) {
            await().until(() -> begun.get() == 1);
            try (var second = startDelivery()) {
                await().until(() -> begun.get() == 2);
                try (var third = startDelivery()) {
                    assertThat(first.answer()).endsWith("Incomplete");
                    for (RawConnection kept : List.of(third, second)) {
                        kept.send(REST);
                        await().until(() -> waiting.size() == 1);
                        waiting.remove().run();
                        assertThat(kept.answer()).endsWith("80000");
                    }
                }
            }
        }
    }

    private RawConnection startDelivery() throws Exception {
        return new RawConnection(endpoint)
                .send("POST / HTTP/1.1\r\nhost: polar\r\ncontent-length: " + (PART.length + REST.length) + "\r\n\r\n")
                .send(PART);
    }

    private void answer(HttpServerRequest request) {
        BoundedBody body = new BoundedBody(request, LIMIT, memory);
        clients.began(request, body);
        begun.incrementAndGet();
        Context context = Vertx.currentContext();
        body.read().subscribe().with(
                bytes -> waiting.add(() -> context.runOnContext(now -> {
                    body.release();
                    request.response().end(Integer.toString(bytes.length));
                })),
                failure -> {
                    body.release();
                    request.response().end(failure.getClass().getSimpleName());
                });
    }
}
