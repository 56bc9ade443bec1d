package dev.plinto.polar.testing;

import dev.plinto.polar.HeaderNames;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.ProducerRecord;

/// Deliveries over HTTP at a steady rate, independent of earlier answers; and the answers.
public final class SteadyDeliveries {

    private static final byte[] KEY = OwnStack.SECRET.getBytes(StandardCharsets.UTF_8);
    private static final HttpClient HTTP = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static final Executor SENDERS = Executors.newVirtualThreadPerTaskExecutor();

    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final Queue<CompletableFuture<Answer>> answers = new ConcurrentLinkedQueue<>();
    private final Iterator<SignedDelivery> deliveries;
    private final URI endpoint;

    public record Answer(String webhookId, HttpResponse<String> response, Duration after) {

        public int status() {
            return response.statusCode();
        }

        public boolean isWithin(Duration limit) {
            return after.compareTo(limit) < 0;
        }
    }

    private SteadyDeliveries(URI endpoint, Iterator<SignedDelivery> deliveries) {
        this.endpoint = endpoint;
        this.deliveries = deliveries;
    }

    /// Starts delivering the events of these raw topic records.
    public static SteadyDeliveries begin(PackagedService to, Collection<ProducerRecord<String, byte[]>> records,
            int perSecond) {
        var steady = new SteadyDeliveries(endpoint(to), records.stream().map(SteadyDeliveries::delivery).iterator());
        steady.timer.scheduleAtFixedRate(steady::next, 0, TimeUnit.SECONDS.toNanos(1) / perSecond,
                TimeUnit.NANOSECONDS);
        return steady;
    }

    /// Sends all at once.
    public static List<Answer> together(PackagedService to, Collection<SignedDelivery> deliveries) {
        return deliveries.stream().map(delivery -> send(delivery, endpoint(to))).toList().stream()
                .map(CompletableFuture::join).toList();
    }

    public static SignedDelivery delivery(String webhookId, String body) {
        return SignedDelivery.of(webhookId, body.getBytes(StandardCharsets.UTF_8), Instant.now(), KEY);
    }

    /// The answers so far, in the order of the deliveries.
    public List<Answer> answersSoFar() {
        return answers.stream().filter(CompletableFuture::isDone).map(CompletableFuture::join).toList();
    }

    /// Waits for the last one.
    public List<Answer> answers() throws InterruptedException {
        if (!timer.awaitTermination(2, TimeUnit.MINUTES)) {
            throw new IllegalStateException("deliveries remain after 2 min");
        }
        return new ArrayList<>(answers).stream().map(CompletableFuture::join).toList();
    }

    private void next() {
        if (deliveries.hasNext()) {
            answers.add(send(deliveries.next(), endpoint));
        } else {
            timer.shutdown();
        }
    }

    private static CompletableFuture<Answer> send(SignedDelivery delivery, URI endpoint) {
        return CompletableFuture.supplyAsync(() -> {
            long began = System.nanoTime();
            HttpResponse<String> response = delivery.send(endpoint, HTTP);
            return new Answer(delivery.webhookId(), response, Duration.ofNanos(System.nanoTime() - began));
        }, SENDERS);
    }

    private static SignedDelivery delivery(ProducerRecord<String, byte[]> record) {
        String id = new String(record.headers().lastHeader(HeaderNames.CE_ID).value(), StandardCharsets.UTF_8);
        return SignedDelivery.of(id, record.value(), Instant.now(), KEY);
    }

    private static URI endpoint(PackagedService to) {
        return URI.create(to.baseUrl() + "/api/v1/polar/webhooks");
    }
}
