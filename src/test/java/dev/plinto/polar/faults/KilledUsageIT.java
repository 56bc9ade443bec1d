package dev.plinto.polar.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plinto.polar.faults.PatientCaller.Answer;
import dev.plinto.polar.sandbox.polar.SimulatedPolar;
import dev.plinto.polar.sandbox.provider.ApiFault;
import dev.plinto.polar.testing.Database;
import dev.plinto.polar.testing.JsonLog;
import dev.plinto.polar.testing.Size;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Replicas and the database are killed while producers send usage, again and again until it is taken, and while it is
/// sent to a Polar that fails now and then. Polar has each event once.
class KilledUsageIT {

    private static final int EVENTS = Size.of("polar.test.usage-events", 100_000, 100_000);
    private static final int PRODUCERS = 20;
    private static final int KILLS = 6;
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final int LONGEST_LIFE_MILLIS = 1_500;

    private final PolarOnStack stack = new PolarOnStack(21);
    private final SimulatedPolar polar = stack.polar();
    private final Database database = stack.stack().database();
    private final ExecutorService producers = Executors.newVirtualThreadPerTaskExecutor();
    private final Random moments = new Random(21);
    private UsageMeters meters;
    private UsageReplicas replicas;
    private UsageProducer producer;

    @BeforeEach
    void start() {
        Size.onlyFull("usage while replicas and the database are killed");
        replicas = new UsageReplicas(stack);
        producer = new UsageProducer(
                new PatientCaller(replicas::any, stack.issuer().producer(PolarOnStack.CLIENT)), EVENTS / PRODUCERS);
        meters = UsageMeters.create(polar);
        UsageProducer.ORGANIZATIONS.forEach(organization -> polar.exclusively(
                () -> polar.customers().create(organization)));
        stack.deliver();
        await().atMost(PATIENCE).until(() -> database.number(
                "SELECT count(*) FROM customers WHERE external_id LIKE 'uses-%'") == 2);
    }

    @AfterEach
    void stop() {
        producers.shutdownNow();
        if (replicas != null) {
            replicas.close();
        }
        stack.close();
    }

    @Test
    void everyEvent_isBilledOnce_whateverIsKilled() {
        faults();
        List<CompletableFuture<List<Answer>>> sent = new ArrayList<>();
        for (int kill = 0; kill < KILLS; kill++) {
            int from = PRODUCERS * kill / KILLS;
            int to = PRODUCERS * (kill + 1) / KILLS;
            IntStream.range(from, to).forEach(number -> sent.add(
                    CompletableFuture.supplyAsync(() -> producer.sendAll(number), producers)));
            LockSupport.parkNanos(Duration.ofMillis(moments.nextInt(LONGEST_LIFE_MILLIS)).toNanos());
            if (kill % 3 == 2) {
                stack.stack().postgres().kill();
                stack.stack().restartPostgres();
            } else {
                replicas.killAndReplace(kill % 3);
            }
        }

        List<Answer> answers = sent.stream().map(CompletableFuture::join).flatMap(List::stream).toList();
        assertThat(answers).allSatisfy(answer -> assertThat(answer.status()).isEqualTo(202));
        long accepted = sum(answers, "accepted");
        System.out.printf("%d events in %d requests, %d of them sent more than once; %d accepted, %d duplicates%n",
                EVENTS, answers.size(), answers.stream().filter(answer -> answer.sendings() > 1).count(), accepted,
                sum(answers, "duplicates"));
        assertThat(accepted).as("accepted; of a sending without an answer nobody knows").isLessThanOrEqualTo(EVENTS);
        await().atMost(PATIENCE).until(() -> database.number("SELECT count(*) FROM usage_events") == 0);
        assertThat(database.number("SELECT sum(events) FROM usage_sent")).isEqualTo(EVENTS);
        for (String organization : UsageProducer.ORGANIZATIONS) {
            assertThat(meters.events(organization)).as("events of %s", organization).isEqualTo(EVENTS / 2.0);
            assertThat(meters.quantity(organization)).as("quantity of %s", organization)
                    .isEqualTo(producer.quantity(organization, PRODUCERS));
        }
        assertThat(JsonLog.errors(replicas.output())).isEmpty();
    }

    /// Polar wants no more requests, loses its answer, or has carried out what it seems to have lost.
    private void faults() {
        List.of(new ApiFault.TooManyRequests(Duration.ofSeconds(1)), new ApiFault.Cut(), new ApiFault.CutInTheMiddle(),
                new ApiFault.Broken(502), new ApiFault.CompletedLate(Duration.ofSeconds(2)))
                .forEach(fault -> stack.server().faults().sometimes("/events/ingest", 0.05, fault));
    }

    private static long sum(List<Answer> answers, String field) {
        return answers.stream().map(Answer::body).map(body -> body.path(field)).mapToLong(JsonNode::asLong).sum();
    }
}
