package dev.plinto.polar.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

/// Lists of metered events on several connections. All of them are answered in the end, so that a server that needs
/// seconds for a list is measured as exactly as one that does not.
///
/// @param accepted events
/// @param failed   requests
record UsageLists(long accepted, long failed, double seconds) {

    static final int SIZE = 1_000;
    private static final int CONNECTIONS = 8;

    static UsageLists send(String url, MadeUsage events, String token, Duration time) {
        AtomicLong next = new AtomicLong();
        AtomicLong accepted = new AtomicLong();
        AtomicLong failed = new AtomicLong();
        long began = System.nanoTime();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
                HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            List<CompletableFuture<Void>> connections = IntStream.range(0, CONNECTIONS)
                    .mapToObj(i -> CompletableFuture.runAsync(() -> {
                        while (System.nanoTime() - began < time.toNanos()) {
                            boolean taken = isTaken(http, request(url, token, events.list(next.getAndAdd(SIZE), SIZE)));
                            (taken ? accepted : failed).addAndGet(taken ? SIZE : 1);
                        }
                    }, threads)).toList();
            connections.forEach(CompletableFuture::join);
        }
        return new UsageLists(accepted.get(), failed.get(), (System.nanoTime() - began) / 1e9);
    }

    private static HttpRequest request(String url, String token, String body) {
        return HttpRequest.newBuilder(URI.create(url)).header("authorization", "Bearer " + token)
                .header("content-type", "application/json").POST(BodyPublishers.ofString(body)).build();
    }

    private static boolean isTaken(HttpClient http, HttpRequest request) {
        try {
            return http.send(request, BodyHandlers.ofString()).statusCode() == 202;
        } catch (IOException cut) {
            return false;
        } catch (InterruptedException stopped) {
            throw new IllegalStateException(stopped);
        }
    }

    double perSecond() {
        return accepted / seconds;
    }
}
