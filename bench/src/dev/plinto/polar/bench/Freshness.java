package dev.plinto.polar.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plinto.polar.Topics;
import dev.plinto.polar.sandbox.polar.WebhookEvent;
import dev.plinto.polar.testing.Aftermath;
import dev.plinto.polar.testing.Backlog;
import dev.plinto.polar.testing.Lifecycle;
import dev.plinto.polar.testing.OwnStack;
import dev.plinto.polar.testing.PackagedService;
import dev.plinto.polar.testing.RawTopicWriter;
import dev.plinto.polar.testing.SignedDelivery;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;

/// Part d: from the moment at which a delivery is due to the moment at which a consumer has the change that it causes.
/// Deliveries come when they are due, whatever became of earlier ones, so that a stall is not hidden.
final class Freshness {

    private static final String PART = "d freshness";
    private static final int PER_SECOND = 500;
    private static final int SECONDS = 20;
    private static final int WARM_UP = 60_000;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Report report;
    private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    Freshness(Report report) {
        this.report = report;
    }

    void run(int rounds) throws InterruptedException, IOException {
        try (OwnStack stack = OwnStack.start();
                PackagedService service = Machinery.service(stack, "ingress,projection,relay,api", Map.of())) {
            warmUp(stack, service);
            for (int round = 1; round <= rounds; round++) {
                System.out.println("freshness, round " + round);
                measure(stack, service, "round-" + round);
            }
            report.figure("f footprint", "resident after load, all roles", "MB", Machinery.residentMegabytes(service),
                    "at most 420");
        }
    }

    /// At this rate alone the code would not be compiled for minutes.
    private void warmUp(OwnStack stack, PackagedService service) throws IOException {
        new Ingress(report).warmUp(service.baseUrl() + "/api/v1/polar/webhooks");
        Backlog backlog = Backlog.of(WARM_UP, "fresh");
        try (RawTopicWriter writer = stack.writer()) {
            writer.write(backlog.records());
        }
        new Aftermath(stack.database(), stack.reader()).awaitDrained(Duration.ofMinutes(5));
    }

    private void measure(OwnStack stack, PackagedService service, String name) throws InterruptedException, IOException {
        List<WebhookEvent> events = events(name, PER_SECOND * SECONDS);
        Map<String, Long> due = new ConcurrentHashMap<>();
        List<Long> delays = new ArrayList<>();
        AtomicInteger refused = new AtomicInteger();
        try (KafkaConsumer<String, byte[]> changes =
                stack.reader().tail(Topics.SUBSCRIPTION_CHANGED, Topics.ENTITLEMENT_CHANGED)) {
            Thread sender = Thread.ofPlatform().start(() -> send(events, service, due, refused));
            long quietSince = System.nanoTime();
            while (sender.isAlive() || System.nanoTime() - quietSince < Duration.ofSeconds(2).toNanos()) {
                for (ConsumerRecord<String, byte[]> change : changes.poll(Duration.ofMillis(5))) {
                    quietSince = System.nanoTime();
                    String cause = JSON.readTree(change.value()).at("/cause/webhook_id").textValue();
                    delays.add(quietSince - due.get(cause));
                }
            }
        }
        long told = stack.database().number("SELECT count(*) FROM history WHERE cause_webhook_id = ANY (?)",
                (Object) events.stream().map(WebhookEvent::webhookId).toArray(String[]::new));
        if (refused.get() > 0 || told != delays.size()) {
            report.wrong(PART, refused + " deliveries were refused; " + told + " changes and " + delays.size() + " messages");
        }
        delays.sort(Long::compare);
        report.figure(PART, "p50 at 500 events/s", "ms", delays.get(delays.size() / 2) / 1e6, "under 15");
        report.figure(PART, "p99 at 500 events/s", "ms", delays.get(delays.size() * 99 / 100) / 1e6, "under 100");
    }

    private void send(List<WebhookEvent> events, PackagedService service, Map<String, Long> due, AtomicInteger refused) {
        URI endpoint = URI.create(service.baseUrl() + "/api/v1/polar/webhooks");
        long interval = Duration.ofSeconds(1).toNanos() / PER_SECOND;
        long next = System.nanoTime();
        for (WebhookEvent event : events) {
            SignedDelivery delivery = SignedDelivery.of(event.webhookId(), event.body(), Clock.systemUTC().instant(),
                    SignedIds.SECRET.getBytes(StandardCharsets.UTF_8));
            next += interval;
            while (System.nanoTime() < next) {
                LockSupport.parkNanos(next - System.nanoTime());
            }
            due.put(event.webhookId(), next);
            HttpRequest.Builder request = HttpRequest.newBuilder(endpoint)
                    .POST(HttpRequest.BodyPublishers.ofByteArray(delivery.body()));
            delivery.headers().forEach(header -> request.header(header.getKey(), header.getValue()));
            http.sendAsync(request.build(), HttpResponse.BodyHandlers.discarding()).whenComplete((answer, failure) -> {
                if (failure != null || answer.statusCode() != 202) {
                    refused.incrementAndGet();
                }
            });
        }
    }

    private static List<WebhookEvent> events(String name, int wanted) {
        List<WebhookEvent> events = new ArrayList<>();
        Random random = new Random(name.hashCode());
        while (events.size() < wanted) {
            List<Integer> choices = IntStream.range(0, 8).mapToObj(i -> random.nextInt(1_000_000)).toList();
            events.addAll(Lifecycle.of(choices, name + "-" + events.size() + "-").events());
        }
        return events.subList(0, wanted);
    }
}
