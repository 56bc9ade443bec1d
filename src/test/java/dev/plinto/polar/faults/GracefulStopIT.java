package dev.plinto.polar.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.plinto.polar.testing.OwnStack;
import dev.plinto.polar.testing.PackagedService;
import dev.plinto.polar.testing.SignedDelivery;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("alone") // it measures time
class GracefulStopIT {

    private static final String GROUP = "plinto-polar-projection";
    private static final int AT_ONCE = 20;
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final byte[] BODY = """
            {"type":"order.paid","timestamp":"2026-11-01T00:00:00Z","data":{"id":"o","customer_id":"c"}}"""
            .getBytes(StandardCharsets.UTF_8);

    /// The broker hangs, so that the deliveries are in flight long enough to be cut off.
    @Test
    void deliveriesInFlight_areAnsweredBeforeAStoppedReplicaExits() {
        try (OwnStack stack = OwnStack.start(); PackagedService service = PackagedService.start(stack.environment())) {
            deliver(service).join(); // warm-up
            service.gauge("http_server_active_requests");
            stack.kafka().suspend();
            List<CompletableFuture<Integer>> underWay = IntStream.range(0, AT_ONCE).mapToObj(i -> deliver(service))
                    .toList();
            await().atMost(Duration.ofSeconds(5)).until(() -> // and the metrics request itself
            service.gauge("http_server_active_requests").orElse(0) > AT_ONCE);
            assertThat(underWay).as("answers while the broker hangs").noneMatch(CompletableFuture::isDone);

            service.terminate();

            assertThat(underWay).allSatisfy(answer -> assertThat(answer.join()).isIn(202, 503));
            stack.kafka().resume();
        }
    }

    /// Until the replica has left, its partitions are not projected. One of three tries suffices, since the machine may
    /// be busy.
    @Test
    void stoppedReplica_leavesTheGroupAtOnce() {
        try (OwnStack stack = OwnStack.start();
                Admin admin = Admin.create(Map.of("bootstrap.servers", stack.bootstrapServers()))) {
            assertThat(IntStream.range(0, 3).mapToObj(replica -> leaving(stack, admin))
                    .anyMatch(time -> time.compareTo(Duration.ofMillis(1_500)) < 0)).isTrue();
        }
    }

    private static Duration leaving(OwnStack stack, Admin admin) {
        try (PackagedService service = PackagedService.start(stack.environment())) {
            await().atMost(PATIENCE).ignoreExceptions().until(() -> members(admin) == 1);
            long began = System.nanoTime();
            service.terminate();
            await().pollInterval(Duration.ofMillis(50)).atMost(PATIENCE).until(() -> members(admin) == 0);
            return Duration.ofNanos(System.nanoTime() - began);
        }
    }

    private static int members(Admin admin) throws InterruptedException, ExecutionException {
        return admin.describeConsumerGroups(List.of(GROUP)).describedGroups().get(GROUP).get().members().size();
    }

    private static CompletableFuture<Integer> deliver(PackagedService service) {
        SignedDelivery delivery = SignedDelivery.of(UUID.randomUUID().toString(), BODY, Instant.now(),
                OwnStack.SECRET.getBytes(StandardCharsets.UTF_8));
        return CompletableFuture.supplyAsync(() -> delivery.send(service.webhooks()).statusCode(),
                task -> Thread.ofVirtual().start(task));
    }
}
