package dev.plinto.polar.billing;

import static dev.plinto.polar.testing.ProblemDocument.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.plinto.polar.testing.Database;
import dev.plinto.polar.testing.OpenApi;
import dev.plinto.polar.testing.OwnThreads;
import dev.plinto.polar.testing.PlintoTokens;
import dev.plinto.polar.testing.PrometheusText;
import dev.plinto.polar.testing.SandboxStack;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Many wait, over real HTTP: nobody costs a thread, and one look answers all. (That a look is one statement, and how
/// many there are: [AwaitPurchasesTest].)
@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
@TestProfile(SellingStack.class)
class ManyWaitersTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Database DATABASE = Database.ofSandbox();
    private static final int ORGANIZATIONS = 50;
    private static final int EACH = 20;
    private static final int ALL = ORGANIZATIONS * EACH;

    @TestHTTPResource("/")
    URI service;

    private final HttpClient client = OwnThreads.httpClient();
    private final String run = UUID.randomUUID().toString();
    private PlintoTokens tokens;

    @BeforeEach
    void know() {
        tokens = new PlintoTokens(service);
        DATABASE.execute("""
                INSERT INTO checkouts (id, organization_id, status, created_at, said_at, said_by)
                SELECT ? || '-' || n, 'waiting-' || n || '-' || ?, 'open', now(), now(), 'test'
                FROM generate_series(0, ?) AS n
                """, run, run, ORGANIZATIONS - 1);
    }

    @AfterEach
    void forget() {
        client.shutdownNow();
        DATABASE.execute("DELETE FROM checkouts WHERE id LIKE ?", run + "%");
    }

    @Test
    void thousandWaiters_costNoThreadEach_andOneSignalAnswersAll() {
        List<CompletableFuture<HttpResponse<String>>> polls = new ArrayList<>();
        int threads = ManagementFactory.getThreadMXBean().getThreadCount();
        for (int n = 0; n < ORGANIZATIONS; n++) {
            String owner = owner(n);
            for (int each = 0; each < EACH; each++) {
                polls.add(poll(n, owner, 55));
            }
        }
        await().atMost(PATIENCE).until(() -> activeRequests() >= ALL);

        assertThat(ManagementFactory.getThreadMXBean().getThreadCount()).isLessThan(threads + 100);
        assertThat(polls).noneMatch(CompletableFuture::isDone);

        Instant signalled = Instant.now();
        DATABASE.execute("""
                WITH ended AS (UPDATE checkouts SET status = 'expired' WHERE id LIKE ?)
                SELECT pg_notify('purchases', '')
                """, run + "%");
        polls.forEach(poll -> assertThat(poll.join().body()).contains("\"state\":\"expired\""));
        assertThat(Duration.between(signalled, Instant.now())).isLessThan(Duration.ofSeconds(10));
    }

    @Test
    void moreThanTwentyOfAnOrganization_areRefused_whateverTheyAskFor() throws Exception {
        String owner = owner(0);
        List<CompletableFuture<HttpResponse<String>>> polls = new ArrayList<>();
        for (int n = 0; n < 300; n++) {
            polls.add(poll(0, owner, 55));
        }
        await().atMost(PATIENCE).until(() -> polls.stream().filter(CompletableFuture::isDone).count() == 300 - EACH);

        HttpResponse<String> refused = polls.stream().filter(CompletableFuture::isDone).findFirst().orElseThrow()
                .join();
        assertProblem(refused, 429, "too-many-requests");
        assertThat(refused.headers().firstValue("retry-after")).hasValue("5");
        assertThat(new OpenApi().faults("GET /api/v1/polar/checkout/{checkout_id}/activation", refused)).isEmpty();
        assertThat(poll(1, owner(1), 1).get().statusCode()).isEqualTo(200);

        polls.forEach(poll -> poll.cancel(true)); // who has left does not count
        await().atMost(PATIENCE).until(() -> poll(0, owner, 1).get().statusCode() == 200);
    }

    private CompletableFuture<HttpResponse<String>> poll(int n, String owner, int seconds) {
        return client.sendAsync(HttpRequest.newBuilder(service.resolve("/api/v1/polar/checkout/" + checkout(n)
                + "/activation?wait=" + seconds)).header("authorization", owner).build(), BodyHandlers.ofString());
    }

    private double activeRequests() {
        return PrometheusText.of(service).samples().stream()
                .filter(sample -> sample.name().equals("http_server_active_requests"))
                .mapToDouble(PrometheusText.Sample::value).sum();
    }

    private String owner(int n) {
        return "Bearer " + tokens.of("org_id", organization(n), "org_role", "owner");
    }

    private String organization(int n) {
        return "waiting-" + n + "-" + run;
    }

    private String checkout(int n) {
        return run + "-" + n;
    }
}
