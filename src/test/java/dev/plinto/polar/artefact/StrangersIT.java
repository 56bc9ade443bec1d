package dev.plinto.polar.artefact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.plinto.polar.testing.OwnStack;
import dev.plinto.polar.testing.PackagedService;
import dev.plinto.polar.testing.RawConnection;
import dev.plinto.polar.testing.SignedDelivery;
import dev.plinto.polar.testing.Size;
import dev.plinto.polar.testing.SteadyDeliveries;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/// Strangers take connections, memory and time of a replica with the memory of production, and Polar's deliveries are
/// answered in time all the same.
@Tag("alone") // it measures time
class StrangersIT {

    private static final int SECONDS = Size.of("polar.test.stranger-seconds", 12, 60);
    private static final int PER_SECOND = 20;
    private static final Duration POLARS_TIMEOUT = Duration.ofSeconds(2);
    private static final Duration QUICK = Duration.ofMillis(500);
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int MEGABYTES = 512; // as in k8s/role/deployment.yaml
    private static final Map<String, String> AS_IN_PRODUCTION = Map.of("MALLOC_ARENA_MAX", "2",
            "JAVA_TOOL_OPTIONS", "-Xmx256m -XX:+UseG1GC -XX:+ExitOnOutOfMemoryError");

    private static OwnStack stack;
    private static PackagedService service;

    @BeforeAll
    static void start() {
        stack = OwnStack.start();
        stack.createRawTopic(6);
        Map<String, String> environment = stack.environment();
        environment.putAll(AS_IN_PRODUCTION);
        service = PackagedService.start(environment);
        warmUp();
    }

    /// A replica that has just started compiles its code while it works.
    private static void warmUp() {
        try (Strangers few = new Strangers(service.webhooks())) {
            few.sendSmallBodies(200, false).sendLargeBodies(5, true).openStreams(10, true);
            await().atMost(PATIENCE)
                    .until(() -> deliver(3).stream().allMatch(answer -> answer.after().compareTo(QUICK) < 0));
        }
    }

    @AfterAll
    static void stop() {
        service.close();
        stack.close();
    }

    @Test
    @DisabledIfSystemProperty(named = "tests.full", matches = "true")
    void allAtOnce() throws Exception {
        assertDeliveriesAreAnswered(strangers -> strangers.sendLargeBodies(40, false).sendLargeBodies(40, true)
                .sendSmallBodies(100, false).sendSmallBodies(1_300, true).openStreams(2_750, true)
                .dripBodies(200).dripHeads(200));
    }

    @Test
    @EnabledIfSystemProperty(named = "tests.full", matches = "true")
    void withoutSignatureHeaders() throws Exception {
        assertDeliveriesAreAnswered(strangers -> strangers.sendLargeBodies(40, false).sendSmallBodies(2_600, false)
                .openStreams(2_750, false));
    }

    @Test
    @EnabledIfSystemProperty(named = "tests.full", matches = "true")
    void withWellFormedHeaders_largeBodies() throws Exception {
        assertDeliveriesAreAnswered(strangers -> strangers.sendLargeBodies(40, true));
    }

    @Test
    @EnabledIfSystemProperty(named = "tests.full", matches = "true")
    void withWellFormedHeaders_manyConnectionsAndStreams() throws Exception {
        assertDeliveriesAreAnswered(strangers -> strangers.sendSmallBodies(2_600, true).openStreams(2_750, true));
    }

    @Test
    @EnabledIfSystemProperty(named = "tests.full", matches = "true")
    void slowOnes() throws Exception {
        assertDeliveriesAreAnswered(strangers -> strangers.dripBodies(200).dripHeads(200));
    }

    private static void assertDeliveriesAreAnswered(Consumer<Strangers> attack) throws Exception {
        try (Strangers strangers = new Strangers(service.webhooks())) {
            attack.accept(strangers);
            List<Answer> answers = deliver(SECONDS);

            long inTime = answers.stream().filter(Answer::isInTime).count();
            System.out.printf("%d of %d deliveries were answered in time, median %d ms, slowest %d ms; at most %d MB "
                    + "resident%n", inTime, answers.size(), millis(answers, answers.size() / 2),
                    millis(answers, answers.size() - 1), service.peakMegabytes());
            assertThat(inTime).as("answered in time, of %d; the first others: %s", answers.size(),
                    answers.stream().filter(answer -> !answer.isInTime()).limit(3).toList())
                    .isGreaterThanOrEqualTo(answers.size() * 99 / 100);
        }
        assertThat(service.isAlive()).isTrue();
        assertThat(service.peakMegabytes()).as("resident memory").isLessThan(MEGABYTES);
    }

    private static long millis(List<Answer> answers, int rank) {
        return answers.stream().map(Answer::after).sorted().skip(rank).findFirst().orElseThrow().toMillis();
    }

    private record Answer(String head, Duration after) {

        boolean isInTime() {
            return head.startsWith("HTTP/1.1 202 ") && after.compareTo(POLARS_TIMEOUT) < 0;
        }
    }

    /// At a steady rate, each on a connection of its own, as Polar does.
    private static List<Answer> deliver(int seconds) throws InterruptedException {
        List<CompletableFuture<Answer>> answers = new ArrayList<>();
        try (var senders = Executors.newVirtualThreadPerTaskExecutor();
                var timer = Executors.newSingleThreadScheduledExecutor()) {
            timer.scheduleAtFixedRate(
                    () -> answers.add(CompletableFuture.supplyAsync(StrangersIT::deliverOne, senders)),
                    0, 1_000 / PER_SECOND, TimeUnit.MILLISECONDS);
            timer.schedule(timer::shutdown, seconds, TimeUnit.SECONDS);
            assertThat(timer.awaitTermination(seconds + 60, TimeUnit.SECONDS)).isTrue();
        }
        return answers.stream().map(CompletableFuture::join).toList();
    }

    private static Answer deliverOne() {
        SignedDelivery delivery = SteadyDeliveries.delivery("polar-" + UUID.randomUUID(), """
                {"type":"refund.created","timestamp":"2026-11-01T00:00:00Z","data":{"id":"r","customer_id":"c"}}""");
        long began = System.nanoTime();
        String head;
        try (var connection = new RawConnection(service.webhooks())) {
            head = connection.send(delivery.head(service.webhooks(), "content-length: " + delivery.body().length))
                    .send(delivery.body()).answer();
        } catch (IOException failure) {
            head = failure.toString();
        }
        return new Answer(head, Duration.ofNanos(System.nanoTime() - began));
    }
}
