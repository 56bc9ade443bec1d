package dev.plinto.polar.artefact;

import static dev.plinto.polar.testing.ProblemDocument.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.plinto.polar.Topics;
import dev.plinto.polar.sandbox.database.EmbeddedPostgres;
import dev.plinto.polar.testing.Aftermath;
import dev.plinto.polar.testing.Database;
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

/// Deliveries while the broker, the database or both are gone. One replica takes them, another one does everything else;
/// neither is restarted. The tests follow one another on one broker and one database.
@Tag("alone") // it measures time
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class OutageIT {

    private static final Duration POLARS_PATIENCE = Duration.ofSeconds(2);
    /// For a few: the machine, on which all of this runs, may stop for a moment while the sender's clock goes on.
    private static final Duration STALLED = Duration.ofSeconds(3);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int PER_SECOND = 100;
    /// A broker that comes back may be slow at first, which is another outage to who waits for it.
    private static final long FLAPS = 3;
    private static final String TAKES_AGAIN = "Kafka takes deliveries again";
    private static final String BROKER_AWAY = "See whether it runs, whether KAFKA_BOOTSTRAP_SERVERS";

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

    /// A test that fails leaves nothing to the next one.
    @AfterEach
    void bothAreBack() {
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
    void brokerGone_everyDeliveryIsAcknowledgedInTime_andAppliedOnceWhenItIsBack() throws Exception {
        MadeBacklog backlog = backlog("before", 1_500);
        SteadyDeliveries deliveries = SteadyDeliveries.begin(ingress, backlog.records(), PER_SECOND);
        await().atMost(PATIENCE).until(() -> deliveries.answered() > 2 * PER_SECOND);
        double threads = threads();
        stack.kafka().kill();
        var started = CompletableFuture.supplyAsync(() -> PackagedService.start(environment("ingress")));

        await().atMost(PATIENCE).until(() -> !Health.of(uri(others), "ready").isUp());
        await().atMost(PATIENCE).until(() -> lines(others, BROKER_AWAY) == 1);
        await().atMost(PATIENCE).until(() -> ingress.gauge("polar_spool_pending").orElse(0) > PER_SECOND);
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(Health.of(uri(ingress), "ready").what().get("broker"))
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
                await().atMost(PATIENCE).until(() -> lines(replica, TAKES_AGAIN) > 0
                        && lines(replica, TAKES_AGAIN) == lines(replica, "kept in PostgreSQL"));
                assertThat(lines(replica, TAKES_AGAIN)).isLessThanOrEqualTo(FLAPS);
                assertThat(replica.output()).doesNotContain("ERROR");
            }
        }
        assertThat(lines(others, "\"loggerName\":\"org.apache.kafka")).isZero();
        assertThat(lines(others, BROKER_AWAY)).isBetween(1L, FLAPS);
        new Aftermath(database, stack.reader()).awaitDrained(PATIENCE)
                .everyEventIsWhereItBelongs(backlogs)
                .everyChangeWasToldOnceAndInOrder()
                .endsAsTheRulesSay(backlogs);
        assertThat(database.number("SELECT count(*) FROM inbox WHERE origin = 'spool'")).isPositive();
    }

    @Test
    @Order(2)
    void databaseThatAnswersEachStatementAfter2s_delaysNoAcknowledgement() {
        awaitQuickBroker();
        proxy.become(TcpProxy.Network.slow(Duration.ofSeconds(1))); // there and back
        List<SignedDelivery> all = new ArrayList<>();
        await().atMost(PATIENCE).until(() -> { // more than one round where the broker, too, was slow for a moment
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
    void databaseGone_deliveriesAreTaken_andProjectionNeitherCommitsNorParksNorSpins() throws Exception {
        awaitQuickBroker();
        stack.postgres().suspend();
        Duration worked = cpu(others);
        List<SignedDelivery> some = deliveries(50);

        assertAcknowledgedInTime(SteadyDeliveries.together(ingress, some));

        long began = System.nanoTime();
        await().atMost(PATIENCE).until(() -> System.nanoTime() - began > Duration.ofSeconds(4).toNanos());
        assertThat(ends() - committed()).isGreaterThanOrEqualTo(some.size());
        assertThat(cpu(others).minus(worked)).isLessThan(Duration.ofSeconds(3)); // of more than four
        stack.postgres().resume();
        awaitProjected(some);
        assertThat(database.number("SELECT count(*) FROM parked"))
                .isEqualTo(backlogs.stream().mapToInt(backlog -> backlog.parked().size()).sum());
    }

    @Test
    @Order(4)
    void bothGone_itIsSaidInTime_andWhicheverComesBackIsUsedWithoutARestart() {
        List<SignedDelivery> taken = new ArrayList<>();
        stack.kafka().kill();
        stack.postgres().suspend();
        List<Duration> slowest = new ArrayList<>();
        for (int round = 0; round < 2; round++) { // the first learn that both are gone
            List<Answer> answers = SteadyDeliveries.together(ingress, deliveries(50));
            assertThat(answers).allSatisfy(answer -> {
                assertProblem(answer.response(), 503, "not-durable");
                assertThat(answer.response().headers().firstValue("retry-after")).hasValue("5");
                assertThat(answer.after()).isLessThan(STALLED);
            });
            slowest.add(answers.stream().map(Answer::after).max(Comparator.naturalOrder()).orElseThrow());
        }
        assertThat(slowest).anyMatch(OutageIT::isInTime);
        await().atMost(PATIENCE).until(() -> "DOWN".equals(Health.of(uri(ingress), "ready").checks().get("broker")));

        stack.postgres().resume();
        taken.add(awaitTaken());
        await().atMost(PATIENCE).until(() -> Health.of(uri(ingress), "ready").isUp());
        List<SignedDelivery> some = deliveries(50);
        assertAcknowledgedInTime(SteadyDeliveries.together(ingress, some));
        taken.addAll(some);

        stack.postgres().kill();
        stack.restartKafka();
        taken.add(awaitTaken());
        await().atMost(PATIENCE).until(() -> Health.of(uri(ingress), "ready").isUp());

        stack.restartPostgres();
        awaitProjected(taken);
        awaitSpoolEmpty();
        assertThat(ingress.output()).contains("Deliveries are answered 503 from now on");
        assertThat(ingress.output()).doesNotContain("Uncaught");
    }

    @Test
    @Order(5)
    void stoppedWhileTheDatabaseIsGone_itLeavesItsBatchWithoutAFuss() {
        stack.postgres().kill();
        deliveries(50).forEach(delivery -> delivery.send(ingress.webhooks()));
        long before = lines(others, "Projection waits and tries again");
        await().atMost(PATIENCE).until(() -> lines(others, "Projection waits and tries again") > before);

        others.terminate();

        assertThat(others.exitCode()).isEqualTo(143);
        assertThat(others.output()).contains("is left to the successor").doesNotContain("SRMSG00200", "fail-stop");
    }

    private static double threads() {
        return await().atMost(PATIENCE).until(() -> ingress.gauge("jvm_threads_live_threads"),
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

    /// One that has just come back takes its time at first.
    private static void awaitQuickBroker() {
        await().atMost(PATIENCE).until(() -> SteadyDeliveries.together(ingress, deliveries(50)).stream()
                .allMatch(answer -> answer.status() == 202 && answer.after().toMillis() < 500));
    }

    private static SignedDelivery awaitTaken() {
        return await().atMost(PATIENCE).until(() -> {
            SignedDelivery delivery = deliveries(1).getFirst();
            return SteadyDeliveries.together(ingress, List.of(delivery)).getFirst().status() == 202 ? delivery : null;
        }, delivery -> delivery != null);
    }

    private static void assertAcknowledgedInTime(List<Answer> answers) {
        assertThat(answers).isNotEmpty()
                .allMatch(answer -> answer.status() == 202)
                .allMatch(answer -> answer.after().compareTo(STALLED) < 0);
        assertThat(answers).filteredOn(answer -> !isInTime(answer.after())).as("later than Polar waits")
                .hasSizeLessThanOrEqualTo(answers.size() / 10);
    }

    private static boolean isInTime(Duration after) {
        return after.compareTo(POLARS_PATIENCE) < 0;
    }

    private static void awaitProjected(List<SignedDelivery> deliveries) {
        Object[] ids = {deliveries.stream().map(SignedDelivery::webhookId).toArray(String[]::new)};
        await().atMost(PATIENCE).ignoreExceptions().until(() -> database
                .number("SELECT count(*) FROM inbox WHERE webhook_id = ANY (?)", ids) == deliveries.size());
    }

    private static void awaitSpoolEmpty() {
        await().atMost(PATIENCE).ignoreExceptions().until(() -> database.number("SELECT count(*) FROM spool") == 0);
    }

    /// Records on the raw topic, and those of them that are committed; both over all partitions.
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
