package dev.plinto.polar.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plinto.polar.sandbox.polar.WebhookEvent;
import dev.plinto.polar.testing.EndState;
import dev.plinto.polar.testing.Lifecycle;
import dev.plinto.polar.testing.MadeBacklog;
import dev.plinto.polar.testing.OwnStack;
import dev.plinto.polar.testing.PackagedService;
import dev.plinto.polar.testing.RawTopicWriter;
import dev.plinto.polar.testing.SignedDelivery;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Part d: from the time when a delivery is due to the time when a consumer has the resulting change. Deliveries are
/// sent when they are due, independent of earlier ones, so that a stall is not hidden.
final class Freshness {

    private static final String PART = "d freshness";
    private static final int PER_SECOND = 500;
    private static final int SECONDS = 20;
    private static final int WARM_UP = 60_000;
    private static final Duration QUIET = Duration.ofSeconds(2);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Report report;

    Freshness(Report report) {
        this.report = report;
    }

    void run(int rounds) throws InterruptedException, IOException {
        try (OwnStack stack = OwnStack.startForLoad();
                PackagedService service = BenchService.service(stack, "ingress,projection,relay,api", Map.of())) {
            warmUp(stack, service);
            for (int round = 1; round <= rounds; round++) {
                System.out.println("freshness, round " + round);
                report(load(stack, service, "round-" + round));
            }
            report.resident(PART, "after load, all roles", BenchService.residentMegabytes(service), "at most 420");
        }
    }

    /// At this rate alone the JIT would take minutes; without it, the code for small batches would stay uncompiled.
    private void warmUp(OwnStack stack, PackagedService service) throws InterruptedException, IOException {
        new Ingress(report).warmUp(service.baseUrl() + "/api/v1/polar/webhooks");
        MadeBacklog backlog = MadeBacklog.of(WARM_UP, "fresh");
        try (RawTopicWriter writer = stack.writer()) {
            writer.write(backlog.records());
        }
        new EndState(stack.database(), stack.reader()).awaitDrained(Duration.ofMinutes(5));
        load(stack, service, "warm-up-1");
        load(stack, service, "warm-up-2");
    }

    /// The times of one change, in milliseconds of the clock: delivery due, projection begun, message sent by the
    /// relay, message read by the consumer.
    private record Timeline(double due, double projected, double sent, double read) {}

    private List<Timeline> load(OwnStack stack, PackagedService service, String name)
            throws InterruptedException, IOException {
        List<WebhookEvent> events = events(name, PER_SECOND * SECONDS);
        List<SignedDelivery> deliveries = events.stream()
                .map(event -> SignedDelivery.of(event.webhookId(), event.body(),
                        Clock.systemUTC().instant(), SignedIds.SECRET.getBytes(StandardCharsets.UTF_8)))
                .toList();
        SteadyLoad load = SteadyLoad.run(stack, service.webhooks(), deliveries, PER_SECOND, QUIET);
        report.check(PART, () -> check(stack, load));
        return timelines(stack, load);
    }

    /// Every delivery was applied, the received messages are their changes, and all messages together equal the stored
    /// state.
    private static void check(OwnStack stack, SteadyLoad load) {
        Set<String> ids = load.due().keySet();
        Object causes = ids.toArray(String[]::new);
        assertThat(load.accepted()).as("accepted deliveries").isEqualTo(ids.size());
        assertThat(new HashSet<>(stack.database().column("SELECT webhook_id FROM inbox WHERE webhook_id = ANY (?)",
                causes))).as("applied deliveries").isEqualTo(ids);
        assertThat(load.read().keySet()).as("messages that arrived").isEqualTo(new HashSet<>(stack.database().column("""
                SELECT name FROM (%s) AS published WHERE cause = ANY (?)
                """.formatted(EndState.PUBLISHED), causes)));
        new EndState(stack.database(), stack.reader()).versionsOnlyGrow().newestMessagesMatchStoredState();
    }

    private static List<Timeline> timelines(OwnStack stack, SteadyLoad load) throws IOException {
        Map<String, Double> due = load.due();
        Map<String, Double> projected = stack.database().rows("""
                        SELECT webhook_id, extract(epoch FROM projected_at) * 1000 FROM inbox WHERE webhook_id = ANY (?)
                        """, (Object) due.keySet().toArray(String[]::new)).stream()
                .collect(Collectors.toMap(List::getFirst, row -> Double.valueOf(row.getLast())));
        List<Timeline> timelines = new ArrayList<>();
        for (SteadyLoad.Arrival arrival : load.arrivals()) {
            String cause = JSON.readTree(arrival.change().value()).at("/cause/webhook_id").textValue();
            timelines.add(new Timeline(due.get(cause), projected.get(cause), arrival.change().timestamp(),
                    arrival.read()));
        }
        return timelines;
    }

    private void report(List<Timeline> timelines) {
        report.figure(PART, "p50 at 500 events/s", "ms",
                quantile(0.5, timelines, timeline -> timeline.read - timeline.due), "under 15");
        report.figure(PART, "p99 at 500 events/s", "ms",
                quantile(0.99, timelines, timeline -> timeline.read - timeline.due), "under 100");
        report.figure(PART, "p50 until projection begins", "ms",
                quantile(0.5, timelines, timeline -> timeline.projected - timeline.due), "for information");
        report.figure(PART, "p50 from there until the relay sends", "ms",
                quantile(0.5, timelines, timeline -> timeline.sent - timeline.projected), "for information");
        report.figure(PART, "p50 from there until it is read", "ms",
                quantile(0.5, timelines, timeline -> timeline.read - timeline.sent), "for information");
    }

    private static double quantile(double quantile, List<Timeline> timelines, ToDoubleFunction<Timeline> delay) {
        return timelines.stream().mapToDouble(delay).sorted().skip((long) (timelines.size() * quantile)).findFirst()
                .orElseThrow();
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
