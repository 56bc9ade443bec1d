package dev.plinto.polar.artefact;

import static dev.plinto.polar.artefact.IngressAndOthers.TIMEOUT;
import static dev.plinto.polar.artefact.IngressAndOthers.assertAcknowledgedInTime;
import static dev.plinto.polar.artefact.IngressAndOthers.lines;
import static dev.plinto.polar.artefact.IngressAndOthers.someDeliveries;
import static dev.plinto.polar.artefact.IngressAndOthers.uri;
import static dev.plinto.polar.testing.ProblemDocument.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.plinto.polar.testing.EndState;
import dev.plinto.polar.testing.Health;
import dev.plinto.polar.testing.MadeBacklog;
import dev.plinto.polar.testing.PackagedService;
import dev.plinto.polar.testing.SignedDelivery;
import dev.plinto.polar.testing.Size;
import dev.plinto.polar.testing.SteadyDeliveries;
import dev.plinto.polar.testing.SteadyDeliveries.Answer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/// Deliveries while the broker is away, and while the database is away as well. In [DatabaseAwayIT] only the database
/// is. The tests run in order on one broker and one database.
@Tag("alone") // it measures time
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class OutageIT {

    private static final int PER_SECOND = Size.of("polar.test.outage-rate", 50, 100);
    /// A broker that comes back may be slow at first, which its clients report as another outage.
    private static final long MAX_REPORTS = 3;
    private static final String TAKES_AGAIN = "Kafka takes deliveries again";
    private static final String BROKER_AWAY = "The broker does not describe the topic";

    private static IngressAndOthers service;
    private static PackagedService ingress;
    private static PackagedService others;

    @BeforeAll
    static void start() {
        service = new IngressAndOthers();
        ingress = service.ingress();
        others = service.others();
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    @AfterEach
    void restoreBoth() {
        service.restoreBoth();
    }

    @Test
    @Order(1)
    void brokerAway_deliveriesAreAcknowledgedAndAppliedOnceLater() throws Exception {
        MadeBacklog before = MadeBacklog.of(15 * PER_SECOND, "before");
        MadeBacklog meanwhile = MadeBacklog.of(2 * PER_SECOND, "meanwhile");
        SteadyDeliveries deliveries = SteadyDeliveries.begin(ingress, before.records(), PER_SECOND);
        await().atMost(TIMEOUT).until(() -> deliveries.answersSoFar().size() > 2 * PER_SECOND);
        Duration usual = median(deliveries.answersSoFar().subList(PER_SECOND, 2 * PER_SECOND)); // the first warm it up
        double threads = threads();
        service.stack().kafka().kill();
        var started = CompletableFuture.supplyAsync(service::startIngress);

        await().atMost(TIMEOUT).until(() -> !Health.of(uri(others), "ready").isUp());
        await().atMost(TIMEOUT).until(() -> lines(others, BROKER_AWAY) > 0);
        await().atMost(TIMEOUT).until(() -> ingress.gauge("polar_spool_pending").orElse(0) > PER_SECOND);
        await().atMost(TIMEOUT)
                .untilAsserted(() -> assertThat(Health.of(uri(ingress), "ready").what().get("broker"))
                        .contains("KAFKA_BOOTSTRAP_SERVERS"));
        assertThat(Health.of(uri(ingress), "ready").isUp()).isTrue();

        try (PackagedService late = started.join()) {
            assertThat(Health.of(uri(late), "started").isUp()).isTrue();
            List<Answer> answers = SteadyDeliveries.begin(late, meanwhile.records(), PER_SECOND).answers();
            assertAcknowledgedInTime(answers, usual);
            assertThat(threads()).isLessThan(threads + 20);

            service.stack().restartKafka();
            assertAcknowledgedInTime(deliveries.answers(), usual);
            service.awaitSpoolEmpty();
            List.of(ingress, late).forEach(OutageIT::assertReported);
        }
        assertThat(lines(others, "\"loggerName\":\"org.apache.kafka")).isZero();
        assertThat(lines(others, BROKER_AWAY)).isLessThanOrEqualTo(MAX_REPORTS);
        List<MadeBacklog> backlogs = List.of(before, meanwhile);
        new EndState(service.database(), service.stack().reader()).awaitDrained(TIMEOUT)
                .everyEventIsInInboxOrParked(backlogs)
                .everyChangeWasPublishedOnceInOrder()
                .stateMatchesTheRules(backlogs);
        assertThat(service.database().number("SELECT count(*) FROM inbox WHERE origin = 'spool'")).isPositive();
    }

    @Test
    @Order(2)
    void bothAway_deliveriesAreRefusedUntilOneIsBack() {
        List<SignedDelivery> accepted = new ArrayList<>();
        service.stack().kafka().kill();
        service.stack().postgres().suspend();
        refusedInTime(); // and detects that both are away
        refusedInTime();
        await().atMost(TIMEOUT).until(() -> "DOWN".equals(Health.of(uri(ingress), "ready").checks().get("broker")));

        service.stack().postgres().resume();
        accepted.add(service.awaitAccepted());
        await().atMost(TIMEOUT).until(() -> Health.of(uri(ingress), "ready").isUp());
        accepted.addAll(service.deliverInTime());

        service.stack().postgres().kill();
        service.stack().restartKafka();
        accepted.add(service.awaitAccepted());
        await().atMost(TIMEOUT).until(() -> Health.of(uri(ingress), "ready").isUp());

        service.stack().restartPostgres();
        service.awaitProjected(accepted);
        service.awaitSpoolEmpty();
        assertThat(ingress.output()).contains("Deliveries are answered 503 from now on");
        assertThat(ingress.output()).doesNotContain("Uncaught");
    }

    private static void refusedInTime() {
        IngressAndOthers.assertOneRound(IngressAndOthers.POLARS_TIMEOUT, () -> {
            List<Answer> answers = SteadyDeliveries.together(ingress, someDeliveries());
            assertThat(answers).allSatisfy(answer -> {
                assertProblem(answer.response(), 503, "not-durable");
                assertThat(answer.response().headers().firstValue("retry-after")).hasValue("5");
            });
            return answers;
        });
    }

    /// Of half of them.
    private static Duration median(List<Answer> answers) {
        return answers.stream().map(Answer::after).sorted().skip(answers.size() / 2).findFirst().orElseThrow();
    }

    private static void assertReported(PackagedService replica) {
        await().atMost(TIMEOUT).until(() -> lines(replica, TAKES_AGAIN) > 0
                && lines(replica, TAKES_AGAIN) == lines(replica, "kept in PostgreSQL"));
        assertThat(lines(replica, TAKES_AGAIN)).isLessThanOrEqualTo(MAX_REPORTS);
        assertThat(replica.output()).doesNotContain("ERROR");
    }

    private static double threads() {
        return await().atMost(TIMEOUT).until(() -> ingress.gauge("jvm_threads_live_threads"),
                OptionalDouble::isPresent).getAsDouble();
    }
}
