package dev.plinto.polar.faults;

import dev.plinto.polar.testing.MadeBacklog;
import dev.plinto.polar.testing.OwnStack;
import dev.plinto.polar.testing.OwnThreads;
import dev.plinto.polar.testing.SignedDelivery;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import org.apache.kafka.clients.producer.ProducerRecord;

/// Deliveries at a steady rate, independent of the deployment's state, each retried until it is acknowledged; and the
/// log of acknowledgements.
///
/// Polar gives up after ten attempts. This does not: it tests whether acknowledged events are kept, not whether all are
/// acknowledged.
final class Deliveries implements AutoCloseable {

    private static final byte[] KEY = OwnStack.SECRET.getBytes(StandardCharsets.UTF_8);
    private static final Duration PATIENCE = Duration.ofSeconds(10); // Polar's
    private static final Duration PAUSE = Duration.ofMillis(500);
    private static final int AT_ONCE = 64;

    private final IntFunction<URI> endpoints;
    private final HttpClient http = OwnThreads.httpClient();
    private final ScheduledExecutorService timer = Executors.newScheduledThreadPool(2);
    private final Deque<ProducerRecord<String, byte[]>> unsent;
    private final Semaphore slots = new Semaphore(AT_ONCE);
    private final AtomicInteger due = new AtomicInteger();
    private final AtomicInteger attempts = new AtomicInteger();
    private final AtomicInteger refused = new AtomicInteger();
    private final AtomicInteger unanswered = new AtomicInteger();
    private final Map<String, Instant> acknowledged = new ConcurrentHashMap<>();

    /// @param endpoints the receiver of the attempt with this number
    Deliveries(IntFunction<URI> endpoints, MadeBacklog backlog, int perSecond) {
        this(endpoints, backlog.records(), perSecond);
    }

    Deliveries(IntFunction<URI> endpoints, Collection<ProducerRecord<String, byte[]>> records, int perSecond) {
        this.endpoints = endpoints;
        this.unsent = new ArrayDeque<>(records);
        timer.scheduleAtFixedRate(this::next, 0, 1_000_000 / perSecond, TimeUnit.MICROSECONDS);
    }

    /// By webhook id, the time of the first acknowledgement.
    Map<String, Instant> acknowledged() {
        return acknowledged;
    }

    /// How many deliveries have fallen due, at the steady rate; the count goes on after the last one.
    int due() {
        return due.get();
    }

    synchronized boolean areAllAcknowledged() {
        return unsent.isEmpty() && slots.availablePermits() == AT_ONCE;
    }

    private synchronized void next() {
        due.incrementAndGet();
        if (!unsent.isEmpty() && slots.tryAcquire()) {
            attempt(unsent.remove());
        }
    }

    private void attempt(ProducerRecord<String, byte[]> record) {
        String id = new String(record.headers().lastHeader("ce_id").value(), StandardCharsets.UTF_8);
        SignedDelivery delivery = SignedDelivery.of(id, record.value(), Instant.now(), KEY);
        HttpRequest.Builder request = HttpRequest.newBuilder(endpoints.apply(attempts.getAndIncrement()))
                .timeout(PATIENCE)
                .POST(HttpRequest.BodyPublishers.ofByteArray(delivery.body()));
        delivery.headers().forEach(header -> request.header(header.getKey(), header.getValue()));
        http.sendAsync(request.build(), HttpResponse.BodyHandlers.discarding()).whenComplete((answer, failure) -> {
            if (failure == null && answer.statusCode() == 202) {
                acknowledged.putIfAbsent(id, Instant.now());
                slots.release();
            } else {
                (failure == null ? refused : unanswered).incrementAndGet();
                timer.schedule(() -> attempt(record), PAUSE.toMillis(), TimeUnit.MILLISECONDS);
            }
        });
    }

    @Override
    public String toString() {
        return "%d acknowledged, %d attempts (%d refused, %d without an answer); %d remaining".formatted(
                acknowledged.size(), attempts.get(), refused.get(), unanswered.get(),
                unsent.size() + AT_ONCE - slots.availablePermits());
    }

    @Override
    public void close() {
        timer.shutdownNow();
        http.shutdownNow();
    }
}
