package dev.plinto.polar.deploy;

import dev.plinto.polar.HeaderNames;
import dev.plinto.polar.sandbox.polar.SimulatedPolar;
import dev.plinto.polar.sandbox.polar.WebhookEvent;
import dev.plinto.polar.sandbox.polar.rest.PolarServer;
import dev.plinto.polar.testing.OwnStack;
import dev.plinto.polar.testing.OwnThreads;
import dev.plinto.polar.testing.PackagedService;
import dev.plinto.polar.testing.RawTopicWriter;
import dev.plinto.polar.testing.SignedDelivery;
import dev.plinto.polar.testing.TcpProxy;
import dev.plinto.polar.testing.TokenIssuer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/// Three replicas of the packaged service with different roles, on a broker and a database of their own; and a
/// simulated Polar behind a network that can be cut.
final class Installation implements AutoCloseable {

    private static final byte[] KEY = OwnStack.SECRET.getBytes(StandardCharsets.UTF_8);
    private static final byte[] ANOTHER_KEY = "polar_whs_the-secret-of-before".getBytes(StandardCharsets.UTF_8);
    private static final Duration BRIEF = Duration.ofSeconds(3);
    private static final HttpClient HTTP = OwnThreads.httpClient();

    final OwnStack stack = OwnStack.start();
    final SimulatedPolar polar = new SimulatedPolar(Clock.systemUTC(), new Random(5));
    private final PolarServer server = PolarServer.start(polar);
    final TcpProxy proxyToPolar = TcpProxy.to(server.apiUrl().getPort());
    private final TokenIssuer issuer = new TokenIssuer();
    final PackagedService ingress;
    final PackagedService projection;
    final PackagedService relay;
    final UUID endpoint;

    Installation() {
        proxyToPolar.become(TcpProxy.Network.SILENT); // until the first condition ends
        ingress = PackagedService.start(environment("ingress,api"));
        endpoint = polar.webhooks().createEndpoint(ingress.webhooks().toString(), OwnStack.SECRET);
        projection = PackagedService.start(environment("projection,api"));
        relay = PackagedService.start(environment("relay,reconcile"));
    }

    private Map<String, String> environment(String roles) {
        Map<String, String> environment = new HashMap<>(stack.environment());
        environment.putAll(issuer.environment());
        environment.putAll(Map.of(
                "POLAR_ROLES", roles,
                "POLAR_SANDBOX", "true",
                "POLAR_API_URL", "http://127.0.0.1:" + proxyToPolar.port() + "/v1",
                "POLAR_ACCESS_TOKEN", PolarServer.ACCESS_TOKEN,
                "POLAR_API_REQUESTS_PER_MINUTE", "6000",
                "POLAR_API_TIMEOUT", "1s",
                "POLAR_RECONCILE_PERIOD", "1h",
                "POLAR_RECONCILE_INSPECTION", "1s",
                "POLAR_RECONCILE_RETRY", "1s",
                "POLAR_METRICS_PERIOD", "500ms"));
        return environment;
    }

    List<String> urls() {
        return List.of(ingress.baseUrl(), projection.baseUrl(), relay.baseUrl());
    }

    /// The events of a purchase for this organization, or for none.
    List<WebhookEvent> bought(String organization) {
        return events(() -> polar.checkouts().purchase(polar.customers().create(organization), polar.catalogue().pro(),
                Map.of()));
    }

    List<WebhookEvent> events(Runnable actions) {
        return polar.exclusively(() -> {
            polar.takeEvents();
            actions.run();
            return polar.takeEvents();
        });
    }

    void deliver(List<WebhookEvent> events) {
        events.forEach(event -> SignedDelivery.of(event.webhookId(), event.body(), Instant.now(), KEY)
                .send(ingress.webhooks()));
    }

    /// In parallel, so that none waits for the answer to another.
    void deliverAtOnce(int deliveries, String body) {
        CompletableFuture<?>[] answers = new CompletableFuture<?>[deliveries];
        for (int i = 0; i < deliveries; i++) {
            answers[i] = CompletableFuture.runAsync(() -> SignedDelivery.of(UUID.randomUUID().toString(),
                    body.getBytes(StandardCharsets.UTF_8), Instant.now(), KEY).send(ingress.webhooks()),
                    Thread::startVirtualThread);
        }
        CompletableFuture.allOf(answers).join();
    }

    void deliverUnderOneId(String... bodies) {
        String id = UUID.randomUUID().toString();
        for (String body : bodies) {
            SignedDelivery.of(id, body.getBytes(StandardCharsets.UTF_8), Instant.now(), KEY).send(ingress.webhooks());
        }
    }

    void deliverWithAnotherSecret(int deliveries) {
        for (int i = 0; i < deliveries; i++) {
            SignedDelivery.of(UUID.randomUUID().toString(), "{}".getBytes(StandardCharsets.UTF_8), Instant.now(),
                    ANOTHER_KEY).send(ingress.webhooks());
        }
    }

    /// Writes them to the raw topic as if they had been received 100 s ago.
    void arriveLate(List<WebhookEvent> events) {
        String longAgo = Instant.now().minusSeconds(100).toString();
        try (RawTopicWriter rawTopic = stack.writer()) {
            rawTopic.write(events.stream().map(RawTopicWriter::record)
                    .map(record -> RawTopicWriter.header(record, HeaderNames.RECEIVED_AT, longAgo)).toList());
        }
    }

    /// Records attempts in Polar's log, as for events that were delivered or given up.
    void recordAttempts(List<WebhookEvent> events, int status) {
        polar.exclusively(() -> events
                .forEach(
                        event -> polar.eventLog().recordAttempt(UUID.fromString(event.webhookId()), status, "", true)));
    }

    /// The answers of the replicas that answer.
    List<HttpResponse<String>> operate(List<PackagedService> replicas, String method, String path) {
        return replicas.stream().flatMap(replica -> {
            var request = HttpRequest.newBuilder(URI.create(replica.baseUrl() + "/api/v1/polar/ops/" + path))
                    .header("authorization", "Bearer " + issuer.operator()).timeout(BRIEF)
                    .method(method, HttpRequest.BodyPublishers.noBody()).build();
            return HTTP.sendAsync(request, HttpResponse.BodyHandlers.ofString())
                    .handle((answer, away) -> Stream.ofNullable(answer)).join();
        }).toList();
    }

    /// As many organizations ask for a checkout, in parallel.
    ///
    /// @return the statuses that they were answered
    List<Integer> sell(int checkouts) {
        String body = "{\"product_id\":\"" + polar.catalogue().pro() + "\"}";
        return Stream.generate(() -> "org-" + UUID.randomUUID()).limit(checkouts)
                .map(organization -> HttpRequest
                        .newBuilder(URI.create(ingress.baseUrl() + "/api/v1/polar/checkout"))
                        .header("authorization", "Bearer " + issuer.owner(organization))
                        .header("content-type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body)).build())
                .map(request -> HTTP.sendAsync(request, HttpResponse.BodyHandlers.discarding()))
                .toList().stream().map(answer -> answer.join().statusCode()).toList();
    }

    /// Checkouts that applications asked for end like this.
    void end(int checkouts, String status) {
        for (int i = 0; i < checkouts; i++) {
            deliverUnderOneId("""
                    {"type":"checkout.updated","timestamp":"%s","data":{"id":"%s","status":"%s",
                     "metadata":{"plinto_request_id":"of-a-game-day"}}}"""
                    .formatted(Instant.now(), UUID.randomUUID(), status));
        }
    }

    @Override
    public void close() {
        relay.close();
        projection.close();
        ingress.close();
        proxyToPolar.close();
        server.close();
        issuer.close();
        stack.close();
    }
}
