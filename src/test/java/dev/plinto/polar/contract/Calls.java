package dev.plinto.polar.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.plinto.polar.testing.Aftermath;
import dev.plinto.polar.testing.Database;
import dev.plinto.polar.testing.PlintoTokens;
import dev.plinto.polar.testing.SignedDelivery;
import dev.plinto.polar.testing.TopicReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/// Calls of every kind, right ones and wrong ones, and what they were answered.
final class Calls {

    private static final String READ_ENTITLEMENTS = "GET /api/v1/polar/entitlements";
    private static final String READ_SUBSCRIPTIONS = "GET /api/v1/polar/subscriptions";
    private static final String DELIVER = "POST /api/v1/polar/webhooks";
    private static final String REPUBLISH = "POST /api/v1/polar/ops/republish";
    private static final String RECONCILE = "POST /api/v1/polar/ops/reconcile";
    private static final List<String> DOCUMENTS = List.of("GET /q/openapi", "GET /q/asyncapi");

    private static final HttpClient HTTP = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final URI service;
    private final PlintoTokens tokens;
    private final Database database = Database.ofSandbox();
    private final List<Answered> answered = new ArrayList<>();

    record Answered(String operation, HttpResponse<String> answer) {

        @Override
        public String toString() {
            return operation + " " + answer.statusCode() + " " + answer.headers().map();
        }
    }

    Calls(URI service) {
        this.service = service;
        this.tokens = new PlintoTokens(service);
    }

    List<Answered> all() throws Exception {
        read(READ_ENTITLEMENTS);
        read(READ_SUBSCRIPTIONS);
        deliver();
        operate();
        whileTheDatabaseDoesNotAnswer();
        new Aftermath(database, TopicReader.ofSandbox()).awaitDrained(PATIENCE); // nothing is left to the next test
        return answered;
    }

    HttpResponse<String> get(String path) {
        return send("GET " + path, "");
    }

    private void read(String operation) {
        String organization = "contract-" + UUID.randomUUID();
        String query = "?organization_id=" + organization;
        String member = "Bearer " + tokens.of("org_id", organization);
        call(operation, query, "authorization", member);
        bought(organization);
        await().atMost(PATIENCE).until(() -> send(operation, query, "authorization", member).body(),
                body -> body.contains("grant_id") || body.contains("subscription_id"));
        call(operation, query, "authorization", member);
        call(operation, "", "authorization", member);
        call(operation, "?organization_id=%00", "authorization", member);
        call(operation, query);
        call(operation, query, "authorization", "Bearer x");
        call(operation, query, "authorization", "Bearer " + tokens.of("org_id", organization, "type", "refresh"));
        call(operation, query, "authorization", "Bearer " + tokens.of("org_id", "org-of-somebody"));
        call(operation, query, "authorization", member, "accept", "image/png");
        wrongMethod(operation, "DELETE");
    }

    private void deliver() {
        SignedDelivery right = SignedDelivery.of("{\"type\":\"wallet.topped_up\"}");
        for (SignedDelivery delivery : List.of(
                right,
                right,
                SignedDelivery.of(""),
                right.without("webhook-id"),
                SignedDelivery.of(right.webhookId(), right.body(), Instant.now().minusSeconds(86_400)),
                right.with("webhook-id", "another"),
                SignedDelivery.of("x".repeat(1024 * 1024 + 1)))) {
            answered.add(new Answered(DELIVER, delivery.send(service.resolve("/api/v1/polar/webhooks"))));
        }
        wrongMethod(DELIVER, "PUT");
    }

    private void operate() {
        String operator = "Bearer " + tokens.of("roles", List.of("ops"));
        call(REPUBLISH, "", "authorization", operator);
        call(REPUBLISH, "");
        call(REPUBLISH, "", "authorization", "Bearer " + tokens.of());
        call(REPUBLISH, "", "authorization", operator, "accept", "image/png");
        wrongMethod(REPUBLISH, "GET");
        call(RECONCILE, "?dry_run=true", "authorization", operator);
        call(RECONCILE, "");
        call(RECONCILE, "", "authorization", "Bearer " + tokens.of());
        call(RECONCILE, "", "authorization", operator, "accept", "image/png");
        wrongMethod(RECONCILE, "GET");
        call("GET /q/health/live", "");
        call("GET /q/health/ready", "");
        call("GET /q/health/started", "");
        call("GET /q/metrics", "");
        call("GET /q/metrics", "", "accept", "application/openmetrics-text; version=1.0.0");
        call("GET /q/metrics", "", "accept", "image/png");
        for (String document : DOCUMENTS) {
            call(document, "");
            call(document, "", "accept", "image/png");
            wrongMethod(document, "PUT");
        }
    }

    /// Somebody else holds its tables, until the calls have given up.
    private void whileTheDatabaseDoesNotAnswer() throws SQLException {
        String service = "Bearer " + tokens.of("roles", null, "scope", "billing:read");
        try (Connection connection = database.connect(); Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("LOCK TABLE accounts, subscriptions IN ACCESS EXCLUSIVE MODE");
            CompletableFuture<HttpResponse<String>> republished = CompletableFuture.supplyAsync(
                    () -> send(REPUBLISH, "", "authorization", "Bearer " + tokens.of("roles", List.of("ops"))));
            call(READ_ENTITLEMENTS, "?organization_id=contract", "authorization", service);
            call(READ_SUBSCRIPTIONS, "?organization_id=contract", "authorization", service);
            await().atMost(PATIENCE).until(() -> {
                database.rows("SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                        + "WHERE query LIKE '%FOR UPDATE%' AND wait_event_type = 'Lock' AND pid <> pg_backend_pid()");
                return republished.isDone();
            });
            answered.add(new Answered(REPUBLISH, republished.join()));
            connection.rollback();
        }
    }

    private void bought(String organization) {
        assertThat(send("POST /sandbox/polar/trigger/purchase", "?organization_id=" + organization).statusCode())
                .isEqualTo(200);
    }

    private void call(String operation, String query, String... headers) {
        answered.add(new Answered(operation, send(operation, query, headers)));
    }

    /// It is answered at the path of the operation.
    private void wrongMethod(String operation, String method) {
        answered.add(new Answered(operation, send(method + operation.substring(operation.indexOf(' ')), "")));
    }

    private HttpResponse<String> send(String operation, String query, String... headers) {
        String[] methodAndPath = operation.split(" ");
        HttpRequest.Builder request = HttpRequest.newBuilder(service.resolve(methodAndPath[1] + query))
                .method(methodAndPath[0], BodyPublishers.noBody());
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return HTTP.sendAsync(request.build(), BodyHandlers.ofString()).join();
    }
}
