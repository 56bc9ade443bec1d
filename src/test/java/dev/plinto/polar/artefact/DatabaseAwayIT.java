package dev.plinto.polar.artefact;

import static dev.plinto.polar.artefact.IngressAndOthers.TIMEOUT;
import static dev.plinto.polar.artefact.IngressAndOthers.lines;
import static dev.plinto.polar.artefact.IngressAndOthers.someDeliveries;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.plinto.polar.Topics;
import dev.plinto.polar.testing.PackagedService;
import dev.plinto.polar.testing.SignedDelivery;
import dev.plinto.polar.testing.TcpProxy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/// Deliveries while the database is slow or away. The tests run in order on one broker and one database.
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class DatabaseAwayIT {

    private static final String RETRIED = "Projection failed and is retried";

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
    void slowDatabase_delaysNoAcknowledgement() {
        service.awaitQuickBroker();
        Duration eachWay = Duration.ofSeconds(1);
        service.databaseBecomes(TcpProxy.Network.slow(eachWay));
        List<SignedDelivery> all = service.deliverWithin(eachWay); // half of what a statement takes
        service.databaseBecomes(TcpProxy.Network.GOOD);
        service.awaitProjected(all);
    }

    @Test
    @Order(2)
    void databaseAway_deliveriesAreAccepted_projectionWaits() throws Exception {
        service.awaitQuickBroker();
        service.stack().postgres().suspend();
        long retries = lines(others, RETRIED);
        Duration worked = cpu(others);
        long began = System.nanoTime();

        List<SignedDelivery> some = service.deliverInTime();

        await().atMost(TIMEOUT).until(() -> lines(others, RETRIED) > retries);
        assertThat(ends() - committed()).isGreaterThanOrEqualTo(some.size());
        Duration waited = Duration.ofNanos(System.nanoTime() - began);
        assertThat((double) cpu(others).minus(worked).toMillis() / waited.toMillis())
                .as("share of a processor while waiting").isLessThan(0.75);
        service.stack().postgres().resume();
        service.awaitProjected(some);
        assertThat(service.database().number("SELECT count(*) FROM parked")).isZero();
    }

    @Test
    @Order(3)
    void stopWhileDatabaseAway_leavesTheBatchToTheSuccessor() {
        service.stack().postgres().kill();
        someDeliveries().forEach(delivery -> delivery.send(ingress.webhooks()));
        long before = lines(others, RETRIED);
        await().atMost(TIMEOUT).until(() -> lines(others, RETRIED) > before);

        others.terminate();

        assertThat(others.exitCode()).isEqualTo(143);
        assertThat(others.output()).contains("is left to the successor").doesNotContain("SRMSG00200", "fail-stop");
    }

    /// The end of the raw topic and the committed offset of its consumer group, both summed over all partitions.
    private static long ends() {
        return service.stack().reader().ends(Topics.RECEIVED).values().stream().mapToLong(Long::longValue).sum();
    }

    private static long committed() throws InterruptedException, ExecutionException {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", service.stack().bootstrapServers()))) {
            return admin.listConsumerGroupOffsets("plinto-polar-projection").partitionsToOffsetAndMetadata().get()
                    .values().stream().mapToLong(OffsetAndMetadata::offset).sum();
        }
    }

    private static Duration cpu(PackagedService replica) {
        return ProcessHandle.of(replica.pid()).orElseThrow().info().totalCpuDuration().orElseThrow();
    }
}
