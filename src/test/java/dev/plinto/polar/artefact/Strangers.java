package dev.plinto.polar.artefact;

import dev.plinto.polar.testing.RawConnection;
import dev.plinto.polar.testing.SignedDelivery;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/// Clients that do not know the secret, and take what they can: connections, memory, time. What the service cuts off
/// comes again.
final class Strangers implements AutoCloseable {

    /// Before the next connection: less would take processor time only.
    private static final Duration PAUSE = Duration.ofSeconds(5);
    private static final Duration DRIP = Duration.ofMillis(100);
    private static final byte[] BODY = new byte[1 << 20];
    private static final int SMALL = 16 * 1024;
    private static final byte[] KEY = "a-key-that-is-not-the-secret".getBytes(StandardCharsets.UTF_8);

    private final URI endpoint;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final CountDownLatch stop = new CountDownLatch(1);
    private final Vertx vertx = Vertx.vertx();

    private interface Attack {

        /// Returns once the service has closed the connection.
        void on(RawConnection connection) throws IOException, InterruptedException;
    }

    Strangers(URI endpoint) {
        this.endpoint = endpoint;
    }

    /// Bodies of the largest size, but for the last byte.
    Strangers sendLargeBodies(int connections, boolean wellFormed) {
        return attack(connections, connection -> hold(connection, BODY.length, wellFormed));
    }

    Strangers sendSmallBodies(int connections, boolean wellFormed) {
        return attack(connections, connection -> hold(connection, SMALL, wellFormed));
    }

    Strangers dripBodies(int connections) {
        return attack(connections, connection -> {
            connection.send(head(SMALL, true));
            drip(connection, "x");
        });
    }

    Strangers dripHeads(int connections) {
        return attack(connections, connection -> {
            connection.send("POST " + endpoint.getPath() + " HTTP/1.1\r\nhost: a\r\n");
            drip(connection, "x: y\r\n");
        });
    }

    /// Requests in clear-text HTTP/2 that never end, all on one connection.
    Strangers openStreams(int streams, boolean wellFormed) {
        HttpClient client = vertx.createHttpClient(new HttpClientOptions().setProtocolVersion(HttpVersion.HTTP_2)
                .setHttp2ClearTextUpgrade(false).setHttp2MaxPoolSize(1));
        SignedDelivery delivery = delivery(wellFormed);
        threads.execute(() -> {
            while (!isOver()) {
                for (int i = 0; i < streams && open(client, delivery); i++) {
                    // the next one
                }
                pause(PAUSE);
            }
        });
        return this;
    }

    private boolean open(HttpClient client, SignedDelivery delivery) {
        try {
            send(client.request(HttpMethod.POST, endpoint.getPort(), endpoint.getHost(), endpoint.getPath())
                    .toCompletionStage().toCompletableFuture().join(), delivery);
            return true;
        } catch (CompletionException refused) {
            return false;
        }
    }

    private static void send(HttpClientRequest request, SignedDelivery delivery) {
        delivery.headers().forEach(header -> request.putHeader(header.getKey(), header.getValue()));
        request.putHeader("content-length", Integer.toString(SMALL)).write(Buffer.buffer(new byte[SMALL * 3 / 4]));
    }

    private void hold(RawConnection connection, int length, boolean wellFormed) throws IOException {
        connection.send(head(length, wellFormed)).send(BODY, length - 1).awaitClose();
    }

    private void drip(RawConnection connection, String drop) throws IOException, InterruptedException {
        while (!stop.await(DRIP.toMillis(), TimeUnit.MILLISECONDS)) {
            connection.send(drop);
        }
    }

    private Strangers attack(int connections, Attack attack) {
        for (int i = 0; i < connections; i++) {
            Duration turn = PAUSE.multipliedBy(i).dividedBy(connections);
            threads.execute(() -> {
                pause(turn);
                while (!isOver()) {
                    try (var connection = new RawConnection(endpoint)) {
                        attack.on(connection);
                    } catch (IOException closed) {
                        // as expected
                    } catch (InterruptedException interrupted) {
                        return;
                    }
                    pause(PAUSE);
                }
            });
        }
        return this;
    }

    private boolean isOver() {
        return stop.getCount() == 0;
    }

    private void pause(Duration length) {
        try {
            stop.await(length.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private String head(int length, boolean wellFormed) {
        return delivery(wellFormed).head(endpoint, "content-length: " + length);
    }

    private static SignedDelivery delivery(boolean wellFormed) {
        SignedDelivery delivery = SignedDelivery.of("stranger", new byte[0], Instant.now(), KEY);
        return wellFormed ? delivery : delivery.without("webhook-signature");
    }

    @Override
    public void close() {
        stop.countDown();
        threads.shutdownNow();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
