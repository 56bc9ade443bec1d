package dev.plinto.polar.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.plinto.polar.testing.OwnStack;
import dev.plinto.polar.testing.OwnThreads;
import dev.plinto.polar.testing.PackagedService;
import dev.plinto.polar.testing.SignedDelivery;
import dev.plinto.polar.testing.TokenIssuer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;

class GracefulStopIT {

    private static final String GROUP = "plinto-polar-projection";
    private static final int AT_ONCE = 20;
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final HttpClient HTTP = OwnThreads.httpClient();
    private static final byte[] BODY = """
            {"type":"order.paid","timestamp":"2026-11-01T00:00:00Z","data":{"id":"o","customer_id":"c"}}"""
            .getBytes(StandardCharsets.UTF_8);

    /// The broker hangs, so that the deliveries are in flight long enough to be cut off. On a busy machine some may be
    /// answered before all have arrived; then others follow, once the service trusts the broker again.
    @Test
    void deliveriesInFlight_areAnsweredBeforeAStoppedReplicaExits() {
        try (OwnStack stack = OwnStack.start(); PackagedService service = PackagedService.start(stack.environment())) {
            service.gauge("http_server_active_requests");
            List<CompletableFuture<Integer>> underWay = await().atMost(PATIENCE).pollDelay(Duration.ZERO).until(() -> {
                stack.kafka().resume();
                deliver(service).join();
                await().atMost(PATIENCE).until(() -> stack.database().number("SELECT count(*) FROM spooled") == 0);
                stack.kafka().suspend();
                return deliverAtOnce(service);
            }, answers -> answers.stream().noneMatch(Future::isDone));

            service.terminate();

            assertThat(underWay).allSatisfy(answer -> assertThat(answer.join()).isIn(202, 503));
            stack.kafka().resume();
        }
    }

    /// Who waits for a purchase would wait for longer than a stop may take.
    @Test
    void whoWaitsForAPurchase_isToldWhatIsKnown() {
        try (OwnStack stack = OwnStack.start(); TokenIssuer plinto = new TokenIssuer()) {
            Map<String, String> environment = stack.environment();
            environment.putAll(plinto.environment());
            try (PackagedService service = PackagedService.start(environment)) {
                stack.database().execute("""
                        INSERT INTO checkouts (id, organization_id, status, created_at) VALUES ('c', 'o', 'open', now())
                        """);
                service.gauge("http_server_active_requests");
                CompletableFuture<HttpResponse<String>> waiting = CompletableFuture.supplyAsync(
                        () -> service.get("/api/v1/polar/checkout/c/activation?wait=55", plinto.service()),
                        task -> Thread.ofVirtual().start(task));
                await().atMost(PATIENCE)
                        .until(() -> service.gauge("http_server_active_requests").orElse(0) > 1 || waiting.isDone());

                service.terminate();

                assertThat(waiting.join().statusCode()).as(waiting.join().body()).isEqualTo(200);
                assertThat(waiting.join().body()).contains("\"state\":\"pending\"");
            }
        }
    }

    /// Polar may take longer than a stop.
    @Test
    void callsUnderWayAtPolar_endWithoutAnError() throws IOException {
        try (OwnStack stack = OwnStack.start();
                TokenIssuer plinto = new TokenIssuer();
                ServerSocket polar = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            Map<String, String> environment = stack.environment();
            environment.putAll(plinto.environment());
            environment.put("PLINTO_SERVICE_CLIENTS", PolarOnStack.CLIENT);
            environment.put("POLAR_API_URL", "http://127.0.0.1:" + polar.getLocalPort());
            environment.put("POLAR_ROLES", "api");
            try (PackagedService service = PackagedService.start(environment)) {
                String token = plinto.seller(PolarOnStack.CLIENT);
                List<CompletableFuture<Integer>> underWay = List.of(
                        answer(service, token, "GET", "customer/portal?organization_id=o&user_id=u", ""),
                        answer(service, token, "POST", "customers", """
                                {"organization_id":"o","email":"a@plinto.dev","email_verified":true}"""));
                Socket first = polar.accept();
                Socket second = polar.accept();

                service.terminate();
                service.exitCode();

                assertThat(underWay).allSatisfy(answer -> assertThat(answer.join()).isEqualTo(503));
                assertThat(service.output()).doesNotContain("Mutiny had to drop");
                first.close();
                second.close();
            }
        }
    }

    private static CompletableFuture<Integer> answer(PackagedService service, String token, String method,
            String call, String body) {
        return HTTP.sendAsync(HttpRequest.newBuilder(URI.create(service.baseUrl() + "/api/v1/polar/" + call))
                .header("authorization", "Bearer " + token).header("content-type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofString(body)).build(),
                HttpResponse.BodyHandlers.discarding())
                .handle((answer, cut) -> cut == null ? answer.statusCode() : 503);
    }

    /// Until the replica has left, its partitions are not projected. It leaves in less than a quarter of the time that
    /// it took to join; one of three tries suffices, since the machine may be busy with something else at the stop.
    @Test
    void stoppedReplica_leavesTheGroupAtOnce() {
        try (OwnStack stack = OwnStack.start();
                Admin admin = Admin.create(Map.of("bootstrap.servers", stack.bootstrapServers()))) {
            assertThat(IntStream.range(0, 3).anyMatch(replica -> leavesQuickly(stack, admin))).isTrue();
        }
    }

    private static boolean leavesQuickly(OwnStack stack, Admin admin) {
        Map<String, String> environment = stack.environment();
        environment.put("POLAR_PROJECTION_SESSION_TIMEOUT", "2m"); // it must not end because of that
        long began = System.nanoTime();
        try (PackagedService service = PackagedService.start(environment)) {
            awaitMembers(admin, 1);
            long joined = System.nanoTime();
            service.terminate();
            awaitMembers(admin, 0);
            double share = (double) (System.nanoTime() - joined) / (joined - began);
            System.out.printf("Left the group in %.0f %% of the time of its start%n", share * 100);
            return share < 0.25;
        }
    }

    private static void awaitMembers(Admin admin, int count) {
        await().pollInterval(Duration.ofMillis(50)).atMost(PATIENCE).ignoreExceptions()
                .until(() -> members(admin) == count);
    }

    private static int members(Admin admin) throws InterruptedException, ExecutionException {
        return admin.describeConsumerGroups(List.of(GROUP)).describedGroups().get(GROUP).get().members().size();
    }

    /// Returns when all are in flight, or one is answered.
    private static List<CompletableFuture<Integer>> deliverAtOnce(PackagedService service) {
        await().atMost(PATIENCE).until(() -> service.gauge("http_server_active_requests").orElse(0) <= 1);
        List<CompletableFuture<Integer>> answers = IntStream.range(0, AT_ONCE).mapToObj(i -> deliver(service)).toList();
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(20)).until(() -> // and the metrics request itself
        service.gauge("http_server_active_requests").orElse(0) > AT_ONCE || answers.stream().anyMatch(Future::isDone));
        return answers;
    }

    private static CompletableFuture<Integer> deliver(PackagedService service) {
        SignedDelivery delivery = SignedDelivery.of(UUID.randomUUID().toString(), BODY, Instant.now(),
                OwnStack.SECRET.getBytes(StandardCharsets.UTF_8));
        return CompletableFuture.supplyAsync(() -> delivery.send(service.webhooks()).statusCode(),
                task -> Thread.ofVirtual().start(task));
    }
}
