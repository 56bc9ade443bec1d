package dev.plinto.polar.artefact;

import static dev.plinto.polar.testing.ProblemDocument.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.plinto.polar.Topics;
import dev.plinto.polar.sandbox.database.EmbeddedPostgres;
import dev.plinto.polar.testing.Database;
import dev.plinto.polar.testing.EndState;
import dev.plinto.polar.testing.Health;
import dev.plinto.polar.testing.MadeBacklog;
import dev.plinto.polar.testing.OwnStack;
import dev.plinto.polar.testing.PackagedService;
import dev.plinto.polar.testing.SignedDelivery;
import dev.plinto.polar.testing.SteadyDeliveries;
import dev.plinto.polar.testing.SteadyDeliveries.Answer;
import dev.plinto.polar.testing.TcpProxy;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/// Deliveries while the broker, the database or both are away. One replica has the role `ingress`, another all other
/// roles; neither is restarted. The tests run in order on one broker and one database.
@Tag("alone") // it measures time
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class OutageIT {

    private static final Duration POLARS_TIMEOUT = Duration.ofSeconds(2);
    /// Allowed for a few: the machine that runs all of this may stall for a moment while the sender's clock goes on.
    private static final Duration STALL_LIMIT = Duration.ofSeconds(3);
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final int PER_SECOND = 100;
    /// A broker that comes back may be slow at first, which its clients report as another outage.
    private static final long MAX_REPORTS = 3;
    private static final String TAKES_AGAIN = "Kafka takes deliveries again";
    private static final String RETRIED = "Projection failed and is retried";
    private static final String BROKER_AWAY = "The broker does not describe the topic";

    private static final List<MadeBacklog> backlogs = new ArrayList<>();
    private static OwnStack stack;
    private static TcpProxy proxy;
    private static Database database;
    private static PackagedService ingress;
    private static PackagedService others;

    @BeforeAll
    static void start() {
        stack = OwnStack.start();
        stack.createRawTopic(6);
        database = stack.database();
        proxy = TcpProxy.to(stack.postgres().port());
        others = PackagedService.start(environment("projection,relay,api"));
        ingress = PackagedService.start(environment("ingress"));
    }

    @AfterAll
    static void stop() {
        ingress.close();
        others.close();
        proxy.close();
        stack.close();
    }

    /// So that a failed test does not affect the next one.
    @AfterEach
    void restoreBoth() {
        proxy.become(TcpProxy.Network.GOOD);
        stack.postgres().resume();
        if (!stack.postgres().isAlive()) {
            stack.restartPostgres();
        }
        if (!stack.kafka().isAlive()) {
            stack.restartKafka();
        }
    }

    @Test
    @Order(1)
    void brokerAway_deliveriesAreAcknowledgedAndAppliedOnceLater() throws Exception {
        MadeBacklog backlog = backlog("before", 1_500);
        SteadyDeliveries deliveries = SteadyDeliveries.begin(ingress, backlog.records(), PER_SECOND);
        await().atMost(TIMEOUT).until(() -> deliveries.answered() > 2 * PER_SECOND);
        double threads = threads();
        stack.kafka().kill();
        var started = CompletableFuture.supplyAsync(() -> PackagedService.start(environment("ingress")));

        await().atMost(TIMEOUT).until(() -> !Health.of(uri(others), "ready").isUp());
        await().atMost(TIMEOUT).until(() -> lines(others, BROKER_AWAY) == 1);
        await().atMost(TIMEOUT).until(() -> ingress.gauge("polar_spool_pending").orElse(0) > PER_SECOND);
        await().atMost(TIMEOUT).untilAsserted(() -> assertThat(Health.of(uri(ingress), "ready").what().get("broker"))
                .contains("KAFKA_BOOTSTRAP_SERVERS"));
        assertThat(Health.of(uri(ingress), "ready").isUp()).isTrue();

        try (PackagedService late = started.join()) {
            assertThat(Health.of(uri(late), "started").isUp()).isTrue();
            List<Answer> answers = SteadyDeliveries.begin(late, backlog("meanwhile", 200).records(), PER_SECOND)
                    .answers();
            assertAcknowledgedInTime(answers);
            assertThat(threads()).isLessThan(threads + 20);

            stack.restartKafka();
            assertAcknowledgedInTime(deliveries.answers());
            awaitSpoolEmpty();
            for (PackagedService replica : List.of(ingress, late)) {
                await().atMost(TIMEOUT).until(() -> lines(replica, TAKES_AGAIN) > 0
                        && lines(replica, TAKES_AGAIN) == lines(replica, "kept in PostgreSQL"));
                assertThat(lines(replica, TAKES_AGAIN)).isLessThanOrEqualTo(MAX_REPORTS);
                assertThat(replica.output()).doesNotContain("ERROR");
            }
        }
        assertThat(lines(others, "\"loggerName\":\"org.apache.kafka")).isZero();
        assertThat(lines(others, BROKER_AWAY)).isBetween(1L, MAX_REPORTS);
        new EndState(database, stack.reader()).awaitDrained(TIMEOUT)
                .everyEventIsInInboxOrParked(backlogs)
                .everyChangeWasPublishedOnceInOrder()
                .stateMatchesTheRules(backlogs);
        assertThat(database.number("SELECT count(*) FROM inbox WHERE origin = 'spool'")).isPositive();
    }

    @Test
    @Order(2)
    void slowDatabase_delaysNoAcknowledgement() {
        awaitQuickBroker();
        proxy.become(TcpProxy.Network.slow(Duration.ofSeconds(1))); // each way: 2 s for a statement
        List<SignedDelivery> all = new ArrayList<>();
        await().atMost(TIMEOUT).until(() -> { // again if the broker, too, was slow for a moment
            List<SignedDelivery> some = deliveries(50);
            all.addAll(some);
            List<Answer> answers = SteadyDeliveries.together(ingress, some);
            assertAcknowledgedInTime(answers);
            return answers.stream().allMatch(answer -> answer.after().compareTo(Duration.ofSeconds(1)) < 0);
        });
        proxy.become(TcpProxy.Network.GOOD);
        awaitProjected(all);
    }

    @Test
    @Order(3)
    void databaseAway_deliveriesAreAccepted_projectionWaits() throws Exception {
        awaitQuickBroker();
        stack.postgres().suspend();
        long retries = lines(others, RETRIED);
        Duration worked = cpu(others);
        long began = System.nanoTime();
        List<SignedDelivery> some = deliveries(50);

        assertAcknowledgedInTime(SteadyDeliveries.together(ingress, some));

        await().atMost(TIMEOUT).until(() -> lines(others, RETRIED) > retries);
        assertThat(ends() - committed()).isGreaterThanOrEqualTo(some.size());
        Duration waited = Duration.ofNanos(System.nanoTime() - began);
        assertThat((double) cpu(others).minus(worked).toMillis() / waited.toMillis())
                .as("share of a processor while waiting").isLessThan(0.75);
        stack.postgres().resume();
        awaitProjected(some);
        assertThat(database.number("SELECT count(*) FROM parked"))
                .isEqualTo(backlogs.stream().mapToInt(backlog -> backlog.parked().size()).sum());
    }

    @Test
    @Order(4)
    void bothAway_deliveriesAreRefusedUntilOneIsBack() {
        List<SignedDelivery> accepted = new ArrayList<>();
        stack.kafka().kill();
        stack.postgres().suspend();
        List<Duration> slowest = new ArrayList<>();
        for (int round = 0; round < 2; round++) { // in the first round the service detects that both are away
            List<Answer> answers = SteadyDeliveries.together(ingress, deliveries(50));
            assertThat(answers).allSatisfy(answer -> {
                assertProblem(answer.response(), 503, "not-durable");
                assertThat(answer.response().headers().firstValue("retry-after")).hasValue("5");
                assertThat(answer.after()).isLessThan(STALL_LIMIT);
            });
            slowest.add(answers.stream().map(Answer::after).max(Comparator.naturalOrder()).orElseThrow());
        }
        assertThat(slowest).anyMatch(OutageIT::isInTime);
        await().atMost(TIMEOUT).until(() -> "DOWN".equals(Health.of(uri(ingress), "ready").checks().get("broker")));

        stack.postgres().resume();
        accepted.add(awaitAccepted());
        await().atMost(TIMEOUT).until(() -> Health.of(uri(ingress), "ready").isUp());
        List<SignedDelivery> some = deliveries(50);
        assertAcknowledgedInTime(SteadyDeliveries.together(ingress, some));
        accepted.addAll(some);

        stack.postgres().kill();
        stack.restartKafka();
        accepted.add(awaitAccepted());
        await().atMost(TIMEOUT).until(() -> Health.of(uri(ingress), "ready").isUp());

        stack.restartPostgres();
        awaitProjected(accepted);
        awaitSpoolEmpty();
        assertThat(ingress.output()).contains("Deliveries are answered 503 from now on");
        assertThat(ingress.output()).doesNotContain("Uncaught");
    }

    @Test
    @Order(5)
    void stopWhileDatabaseAway_leavesTheBatchToTheSuccessor() {
        stack.postgres().kill();
        deliveries(50).forEach(delivery -> delivery.send(ingress.webhooks()));
        long before = lines(others, RETRIED);
        await().atMost(TIMEOUT).until(() -> lines(others, RETRIED) > before);

        others.terminate();

        assertThat(others.exitCode()).isEqualTo(143);
        assertThat(others.output()).contains("is left to the successor").doesNotContain("SRMSG00200", "fail-stop");
    }

    private static double threads() {
        return await().atMost(TIMEOUT).until(() -> ingress.gauge("jvm_threads_live_threads"),
                OptionalDouble::isPresent).getAsDouble();
    }

    private static MadeBacklog backlog(String name, int deliveries) {
        MadeBacklog backlog = MadeBacklog.of(deliveries, name);
        backlogs.add(backlog);
        return backlog;
    }

    private static List<SignedDelivery> deliveries(int count) {
        return Stream.generate(() -> SteadyDeliveries.delivery("outage-" + UUID.randomUUID(), """
                {"type":"refund.created","timestamp":"2026-11-01T00:00:00Z","data":{"id":"r","customer_id":"c"}}"""))
                .limit(count).toList();
    }

    /// A broker that has just come back is slow at first.
    private static void awaitQuickBroker() {
        await().atMost(TIMEOUT).until(() -> SteadyDeliveries.together(ingress, deliveries(50)).stream()
                .allMatch(answer -> answer.status() == 202 && answer.after().toMillis() < 500));
    }

    private static SignedDelivery awaitAccepted() {
        return await().atMost(TIMEOUT).until(() -> {
            SignedDelivery delivery = deliveries(1).getFirst();
            return SteadyDeliveries.together(ingress, List.of(delivery)).getFirst().status() == 202 ? delivery : null;
        }, delivery -> delivery != null);
    }

    private static void assertAcknowledgedInTime(List<Answer> answers) {
        assertThat(answers).isNotEmpty()
                .allMatch(answer -> answer.status() == 202)
                .allMatch(answer -> answer.after().compareTo(STALL_LIMIT) < 0);
        assertThat(answers).filteredOn(answer -> !isInTime(answer.after())).as("later than Polar's timeout")
                .hasSizeLessThanOrEqualTo(answers.size() / 10);
    }

    private static boolean isInTime(Duration after) {
        return after.compareTo(POLARS_TIMEOUT) < 0;
    }

    private static void awaitProjected(List<SignedDelivery> deliveries) {
        Object[] ids = {deliveries.stream().map(SignedDelivery::webhookId).toArray(String[]::new)};
        await().atMost(TIMEOUT).ignoreExceptions().until(() -> database
                .number("SELECT count(*) FROM inbox WHERE webhook_id = ANY (?)", ids) == deliveries.size());
    }

    private static void awaitSpoolEmpty() {
        await().atMost(TIMEOUT).ignoreExceptions().until(() -> database.number("SELECT count(*) FROM spool") == 0);
    }

    /// The end of the raw topic and the committed offset of its consumer group, both summed over all partitions.
    private static long ends() {
        return stack.reader().ends(Topics.RECEIVED).values().stream().mapToLong(Long::longValue).sum();
    }

    private static long committed() throws InterruptedException, ExecutionException {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", stack.bootstrapServers()))) {
            return admin.listConsumerGroupOffsets("plinto-polar-projection").partitionsToOffsetAndMetadata().get()
                    .values().stream().mapToLong(OffsetAndMetadata::offset).sum();
        }
    }

    private static Duration cpu(PackagedService service) {
        return ProcessHandle.of(service.pid()).orElseThrow().info().totalCpuDuration().orElseThrow();
    }

    private static long lines(PackagedService service, String text) {
        return service.output().lines().filter(line -> line.contains(text)).count();
    }

    private static URI uri(PackagedService service) {
        return URI.create(service.baseUrl());
    }

    private static Map<String, String> environment(String roles) {
        Map<String, String> environment = stack.environment();
        environment.put("POLAR_ROLES", roles);
        environment.put("POLAR_METRICS_PERIOD", "500ms");
        environment.put("QUARKUS_DATASOURCE_REACTIVE_URL",
                "postgresql://localhost:" + proxy.port() + "/" + EmbeddedPostgres.DATABASE);
        return environment;
    }
}
